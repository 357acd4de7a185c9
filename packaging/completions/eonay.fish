# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
# Written by scripts/completions: change that instead.

function __eonay_certificates
    sh -c 'timeout 3 eonay certificates --json 2>/dev/null |
    grep -oE \'"id":"[0-9a-f]+","holder":"([^"\\\\]|\\\\.)*"\' |
    sed -E \'s/^"id":"([0-9a-f]+)","holder":"(.*)"$/\\1\\t\\2/; s/\\\\(.)/\\1/g\' |
    awk -F \'\\t\' \'{ short = substr($1, 1, 8); count[short]++; id[NR] = $1; holder[NR] = $2 }
        END { for (row = 1; row <= NR; row++) { short = substr(id[row], 1, 8)
            print (count[short] == 1 ? short : id[row]) "\\t" holder[row] } }\''
end

function __eonay_references
    sh -c 'timeout 3 eonay history --limit 0 --json 2>/dev/null | grep -oE \'\\{"at":[^{}]*\\}\' |
    sed -nE \'s/.*"at":([0-9]+),.*"decision":"([^"]*)","result":"([^"]*)",.*"reference":"([^"]+)".*/\\4\\t\\1\\t\\2, \\3/p\' |
    awk -F \'\\t\' \'{ print $1 "\\t" strftime("%Y-%m-%d", $2) ", " $3 }\''
end

function __eonay_portals
    sh -c 'timeout 3 busctl --user get-property org.eonay.EOnay1 /org/eonay/EOnay1 org.eonay.EOnay1 Portals 2>/dev/null |
    grep -oE \'https?://[^"]+\' | sed \'s/$/\\tportal/\''
end

complete -c eonay -f
complete -c eonay -n __fish_use_subcommand -l version -d 'Show the version'
complete -c eonay -n __fish_use_subcommand -s h -l help -d 'Show help information'
complete -c eonay -n __fish_use_subcommand -a status -d 'Show for which certificates E-Onay is given'
complete -c eonay -n __fish_use_subcommand -a expiry -d 'Show how long the certificates are good'
complete -c eonay -n __fish_use_subcommand -a tokens -d 'Show the readers, the cards in them, and their problems'
complete -c eonay -n __fish_use_subcommand -a certificates -d 'Show the certificates that were seen, or one of them whole'
complete -c eonay -n __fish_use_subcommand -a approve -d 'Give or decline E-Onay at the portal'
complete -c eonay -n __fish_use_subcommand -a sign -d 'Sign what the portal asks for under a verification code'
complete -c eonay -n __fish_use_subcommand -a open -d 'Sign what a portal\'s page asks for by an eonay: address'
complete -c eonay -n __fish_use_subcommand -a renew -d 'File the application for a certificate\'s renewal'
complete -c eonay -n __fish_use_subcommand -a history -d 'Show the decisions made on this computer, newest first'
complete -c eonay -n __fish_use_subcommand -a snooze -d 'Put off the reminders of a certificate\'s end'
complete -c eonay -n __fish_use_subcommand -a watch -d 'Show what happens to cards, certificates and approvals'
complete -c eonay -n __fish_use_subcommand -a config -d 'Show what is wrong in the configuration\'s files'
complete -c eonay -n __fish_use_subcommand -a inspect -d 'Show the contents of a certificate file (DER or PEM)'
complete -c eonay -n __fish_use_subcommand -a verify -d 'Judge a signature (CAdES, level B)'
complete -c eonay -n __fish_use_subcommand -a help -d 'Show subcommand help information'
complete -c eonay -n '__fish_seen_subcommand_from help' -a 'status expiry tokens certificates approve sign open renew history snooze watch config inspect verify'

complete -c eonay -n '__fish_seen_subcommand_from status' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from status' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from status' -s h -l help -d 'Show help information'

complete -c eonay -n '__fish_seen_subcommand_from expiry' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from expiry' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from expiry' -s h -l help -d 'Show help information'

complete -c eonay -n '__fish_seen_subcommand_from tokens' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from tokens' -l diagnose -r -F -d 'Have this driver (the path of a PKCS#11 module) look at each card, and show its output without personal data'
complete -c eonay -n '__fish_seen_subcommand_from tokens' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from tokens' -s h -l help -d 'Show help information'

complete -c eonay -n '__fish_seen_subcommand_from certificates' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from certificates' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from certificates' -s h -l help -d 'Show help information'
complete -c eonay -n '__fish_seen_subcommand_from certificates' -a '(__eonay_certificates)'

complete -c eonay -n '__fish_seen_subcommand_from approve' -l accept -d 'KABUL EDİYORUM: accept'
complete -c eonay -n '__fish_seen_subcommand_from approve' -l decline -d 'KABUL ETMİYORUM: decline'
complete -c eonay -n '__fish_seen_subcommand_from approve' -s c -l certificate -x -a '(__eonay_certificates)' -d 'The certificate: its id, or eight or more of its first digits'
complete -c eonay -n '__fish_seen_subcommand_from approve' -l portal -x -a '(__eonay_portals)' -d 'One of the configured portals; without it, the first'
complete -c eonay -n '__fish_seen_subcommand_from approve' -l wait -x -d 'Seconds to wait for the card to be put in'
complete -c eonay -n '__fish_seen_subcommand_from approve' -l identity -d 'Ask for the T.C. Kimlik No that the card must bear, or read it from standard input'
complete -c eonay -n '__fish_seen_subcommand_from approve' -l final-try -d 'Go on although one PIN try is left'
complete -c eonay -n '__fish_seen_subcommand_from approve' -l pin-fd -x -d 'Read the PIN from this descriptor, a line for each time it is asked'
complete -c eonay -n '__fish_seen_subcommand_from approve' -l no-prompt -d 'Fail rather than ask for the PIN'
complete -c eonay -n '__fish_seen_subcommand_from approve' -l terminal -d 'Ask for the PIN on this terminal, also where a window could be shown'
complete -c eonay -n '__fish_seen_subcommand_from approve' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from approve' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from approve' -s h -l help -d 'Show help information'

complete -c eonay -n '__fish_seen_subcommand_from sign' -s c -l certificate -x -a '(__eonay_certificates)' -d 'The certificate: its id, or eight or more of its first digits'
complete -c eonay -n '__fish_seen_subcommand_from sign' -l portal -x -a '(__eonay_portals)' -d 'One of the configured portals; without it, the first'
complete -c eonay -n '__fish_seen_subcommand_from sign' -l wait -x -d 'Seconds to wait for the card to be put in'
complete -c eonay -n '__fish_seen_subcommand_from sign' -l identity -d 'Ask for the T.C. Kimlik No that the card must bear, or read it from standard input'
complete -c eonay -n '__fish_seen_subcommand_from sign' -l final-try -d 'Go on although one PIN try is left'
complete -c eonay -n '__fish_seen_subcommand_from sign' -l pin-fd -x -d 'Read the PIN from this descriptor, a line for each time it is asked'
complete -c eonay -n '__fish_seen_subcommand_from sign' -l no-prompt -d 'Fail rather than ask for the PIN'
complete -c eonay -n '__fish_seen_subcommand_from sign' -l terminal -d 'Ask for the PIN on this terminal, also where a window could be shown'
complete -c eonay -n '__fish_seen_subcommand_from sign' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from sign' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from sign' -s h -l help -d 'Show help information'

complete -c eonay -n '__fish_seen_subcommand_from open' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from open' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from open' -s h -l help -d 'Show help information'

complete -c eonay -n '__fish_seen_subcommand_from renew' -s c -l certificate -x -a '(__eonay_certificates)' -d 'The certificate: its id, or eight or more of its first digits'
complete -c eonay -n '__fish_seen_subcommand_from renew' -l portal -x -a '(__eonay_portals)' -d 'One of the configured portals; without it, the first'
complete -c eonay -n '__fish_seen_subcommand_from renew' -l wait -x -d 'Seconds to wait for the card to be put in'
complete -c eonay -n '__fish_seen_subcommand_from renew' -l identity -d 'Ask for the T.C. Kimlik No that the card must bear, or read it from standard input'
complete -c eonay -n '__fish_seen_subcommand_from renew' -l final-try -d 'Go on although one PIN try is left'
complete -c eonay -n '__fish_seen_subcommand_from renew' -l pin-fd -x -d 'Read the PIN from this descriptor, a line for each time it is asked'
complete -c eonay -n '__fish_seen_subcommand_from renew' -l no-prompt -d 'Fail rather than ask for the PIN'
complete -c eonay -n '__fish_seen_subcommand_from renew' -l terminal -d 'Ask for the PIN on this terminal, also where a window could be shown'
complete -c eonay -n '__fish_seen_subcommand_from renew' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from renew' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from renew' -s h -l help -d 'Show help information'
complete -c eonay -n '__fish_seen_subcommand_from renew' -a '(__eonay_certificates)'

complete -c eonay -n '__fish_seen_subcommand_from history' -l limit -x -d 'How many to show at most; 0: all'
complete -c eonay -n '__fish_seen_subcommand_from history' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from history' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from history' -s h -l help -d 'Show help information'
complete -c eonay -n '__fish_seen_subcommand_from history' -a '(__eonay_references)'

complete -c eonay -n '__fish_seen_subcommand_from snooze' -l until -x -d 'No reminder before this day: 2026-12-31 or 31.12.2026'
complete -c eonay -n '__fish_seen_subcommand_from snooze' -l days -x -d 'No reminder for so many days'
complete -c eonay -n '__fish_seen_subcommand_from snooze' -l off -d 'Remind again'
complete -c eonay -n '__fish_seen_subcommand_from snooze' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from snooze' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from snooze' -s h -l help -d 'Show help information'
complete -c eonay -n '__fish_seen_subcommand_from snooze' -a '(__eonay_certificates)'

complete -c eonay -n '__fish_seen_subcommand_from watch' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from watch' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from watch' -s h -l help -d 'Show help information'

complete -c eonay -n '__fish_seen_subcommand_from config' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from config' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from config' -s h -l help -d 'Show help information'

complete -c eonay -n '__fish_seen_subcommand_from inspect' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from inspect' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from inspect' -s h -l help -d 'Show help information'
complete -c eonay -n '__fish_seen_subcommand_from inspect' -F

complete -c eonay -n '__fish_seen_subcommand_from verify' -l content -r -F -d 'What was signed, where the signature does not hold it'
complete -c eonay -n '__fish_seen_subcommand_from verify' -l trust -x -a '(__fish_complete_directories)' -d 'A folder with the certificates that are trusted; without it, /etc/eonay/trust'
complete -c eonay -n '__fish_seen_subcommand_from verify' -l json -d 'Print JSON, in the form that eonay(1) describes'
complete -c eonay -n '__fish_seen_subcommand_from verify' -l version -d 'Show the version'
complete -c eonay -n '__fish_seen_subcommand_from verify' -s h -l help -d 'Show help information'
complete -c eonay -n '__fish_seen_subcommand_from verify' -F

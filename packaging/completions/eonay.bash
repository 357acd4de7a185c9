# SPDX-FileCopyrightText: The E-Onay authors
# SPDX-License-Identifier: Apache-2.0
# Written by scripts/completions: change that instead.

_eonay_certificates() {
    timeout 3 eonay certificates --json 2>/dev/null |
    grep -oE '"id":"[0-9a-f]+","holder":"([^"\\]|\\.)*"' |
    sed -E 's/^"id":"([0-9a-f]+)","holder":"(.*)"$/\1\t\2/; s/\\(.)/\1/g' |
    awk -F '\t' '{ short = substr($1, 1, 8); count[short]++; id[NR] = $1; holder[NR] = $2 }
        END { for (row = 1; row <= NR; row++) { short = substr(id[row], 1, 8)
            print (count[short] == 1 ? short : id[row]) "\t" holder[row] } }'
}

_eonay_references() {
    timeout 3 eonay history --limit 0 --json 2>/dev/null | grep -oE '\{"at":[^{}]*\}' |
    sed -nE 's/.*"at":([0-9]+),.*"decision":"([^"]*)","result":"([^"]*)",.*"reference":"([^"]+)".*/\4\t\1\t\2\t\3/p' |
    awk -F '\t' -v locale="${LC_ALL:-${LC_MESSAGES:-$LANG}}" 'BEGIN { split("accept=kabul;decline=ret;recorded=kaydedildi;signed=imzalandı;failed=başarısız;cancelled=vazgeçildi;unknown=bilinmiyor", words, ";"); for (pair in words) {
            split(words[pair], both, "="); turkish[both[1]] = both[2] } }
        { isTurkish = locale ~ /^tr/; print $1 "\t" strftime(isTurkish ? "%d.%m.%Y" : "%Y-%m-%d", $2) ", " \
            (isTurkish ? turkish[$3] ", " turkish[$4] : $3 ", " $4) }'
}

_eonay_keys() {
    printf 'check\teonay.conf\n'; timeout 3 eonay config --json 2>/dev/null |
    grep -oE '"group":"[A-Za-z]+","name":"[A-Za-z]+","meaning":"([^"\\]|\\.)*"' |
    sed -E 's/^"group":"([A-Za-z]+)","name":"([A-Za-z]+)","meaning":"(.*)"$/\1.\2\t\3/; s/\\(.)/\1/g'
}

_eonay_actions() {
    printf 'status\tPIN\nchange\tPIN\nunblock\tPUK\n'
}

_eonay_formats() {
    printf '%s\t\n' table json csv ics prometheus
}

_eonay_portals() {
    timeout 3 busctl --user get-property org.eonay.EOnay1 /org/eonay/EOnay1 org.eonay.EOnay1 Portals 2>/dev/null |
    grep -oE 'https?://[^"]+' | sed 's/$/\tportal/'
}

_eonay_errors() {
    printf '%s\texit status %s\n' InvalidArgument 10 NoCertificate 11 AmbiguousCertificate 12 NoToken 13 NoReader 14 NoCardService 15 AccessDenied 16 NoModule 17 TokenBusy 18 TokenRemoved 19 TokenFailed 20 NotQualified 21 CertificateNotYetValid 22 CertificateExpired 23 CertificateRevoked 24 RevocationUnknown 25 UntrustedIssuer 26 InvalidIdentity 27 IdentityMismatch 28 InvalidDecision 29 InvalidCode 30 CodeExpired 31 CodeUsed 32 StatementChanged 33 PinCancelled 34 PinIncorrect 35 PinFinalTry 36 PinLocked 37 PinInvalid 38 PinChangeRequired 39 PinPromptUnavailable 40 PortalNotConfigured 41 PortalUnreachable 42 PortalRefused 43 PortalUntrusted 44 Cancelled 45 LimitExceeded 46 StoreFailed 47 Internal 1 NoConsent 49 TooEarly 50 AlreadyFiled 51 CertificateSuspended 52 UserNoticeMissing 53 AmbiguousReader 54 ModuleUnusable 55 StateInUse 56 PromptDeferred 57 CardServiceMissing 58 PinMismatch 59 PukIncorrect 60 PukFinalTry 61 PukLocked 62 NotSupported 63
}

# Offers lines of a word, a tab and what it stands for. Several are listed with both; one is put in as the word alone.
_eonay_offer() {
    local line
    local -a lines=()
    while IFS= read -r line; do if [[ $line == "$cur"* ]]; then lines+=("$line"); fi; done
    if [[ ${#lines[@]} == 1 ]]; then
        COMPREPLY=("${lines[0]%%$'\t'*}")
    else
        for line in "${lines[@]}"; do COMPREPLY+=("${line%%$'\t'*}  (${line#*$'\t'})"); done
    fi
}

_eonay() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} cword=$COMP_CWORD
    local -a words=("${COMP_WORDS[@]}") kinds=()
    local options='' values=' ' kind index place=0
    COMPREPLY=()
    # readline takes https: apart, and --option=value.
    if declare -F _get_comp_words_by_ref >/dev/null; then _get_comp_words_by_ref -n := cur prev words cword; fi
    for ((index = 1; index < cword; index++)); do
        if [[ ${words[index]} != -* ]]; then break; fi
    done
    if ((index >= cword)); then
        mapfile -t COMPREPLY < <(compgen -W 'status expiry tokens certificates approve sign open renew pin history snooze export forget watch config inspect verify doctor help --version --help' -- "$cur")
        return
    fi
    case ${words[index]} in
        help)
            mapfile -t COMPREPLY < <(compgen -W 'status expiry tokens certificates approve sign open renew pin history snooze export forget watch config inspect verify doctor' -- "$cur")
            return
            ;;
        status)
            options='--json -q --quiet --no-pager --version -h --help'
            ;;
        expiry)
            options='--format --output --json -q --quiet --no-pager --version -h --help'
            values=' --format=formats --output=files '
            ;;
        tokens)
            options='--json -q --quiet --no-pager --diagnose --version -h --help'
            values=' --diagnose=files '
            ;;
        certificates)
            options='--json -q --quiet --no-pager --version -h --help'
            kinds=(certificates)
            ;;
        approve)
            options='--accept --decline -c --certificate --portal --wait --identity --final-try --pin-fd --no-prompt --terminal --json -q --quiet --no-pager --version -h --help'
            values=' -c=certificates --certificate=certificates --portal=portals --wait=nothing --pin-fd=nothing '
            ;;
        sign)
            options='-c --certificate --portal --wait --identity --final-try --pin-fd --no-prompt --terminal --json -q --quiet --no-pager --version -h --help'
            values=' -c=certificates --certificate=certificates --portal=portals --wait=nothing --pin-fd=nothing '
            kinds=(nothing)
            ;;
        open)
            options='--json -q --quiet --no-pager --version -h --help'
            kinds=(nothing)
            ;;
        renew)
            options='-c --certificate --portal --wait --identity --final-try --pin-fd --no-prompt --terminal --json -q --quiet --no-pager --version -h --help'
            values=' -c=certificates --certificate=certificates --portal=portals --wait=nothing --pin-fd=nothing '
            kinds=(certificates)
            ;;
        pin)
            options='--final-try --pin-fd --terminal --json -q --quiet --no-pager --version -h --help'
            values=' --pin-fd=nothing '
            kinds=(actions certificates)
            ;;
        history)
            options='--limit --json -q --quiet --no-pager --version -h --help'
            values=' --limit=nothing '
            kinds=(references)
            ;;
        snooze)
            options='--until --days --off --json -q --quiet --no-pager --version -h --help'
            values=' --until=nothing --days=nothing '
            kinds=(certificates)
            ;;
        export)
            options='--json -q --quiet --no-pager --version -h --help'
            kinds=(files)
            ;;
        forget)
            options='--holder --all --signatures --yes --json -q --quiet --no-pager --version -h --help'
            kinds=(certificates)
            ;;
        watch)
            options='--json -q --quiet --no-pager --version -h --help'
            ;;
        config)
            options='--json -q --quiet --no-pager --version -h --help'
            kinds=(keys files)
            ;;
        inspect)
            options='--json -q --quiet --no-pager --version -h --help'
            kinds=(files)
            ;;
        verify)
            options='--content --trust --json -q --quiet --no-pager --version -h --help'
            values=' --content=files --trust=folders '
            kinds=(files)
            ;;
        doctor)
            options='--report --force --json -q --quiet --no-pager --version -h --help'
            values=' --report=files '
            kinds=(errors)
            ;;
        *) return ;;
    esac
    if [[ $cur == --*=* ]]; then prev=${cur%%=*} cur=${cur#*=}; fi
    if [[ $values == *" $prev="* ]]; then
        kind=${values#*" $prev="}
        kind=${kind%% *}
    elif [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
        return
    else
        for ((index++; index < cword; index++)); do
            if [[ $values == *" ${words[index]}="* ]]; then
                ((++index))
            elif [[ ${words[index]} != -* ]]; then
                ((++place))
            fi
        done
        kind=${kinds[place]-nothing}
    fi
    case $kind in
        certificates | references | keys | actions | formats | portals | errors) _eonay_offer < <("_eonay_$kind") ;;
        files | folders)
            compopt -o filenames
            [[ $kind == files ]] && mapfile -t COMPREPLY < <(compgen -f -- "$cur") || mapfile -t COMPREPLY < <(compgen -d -- "$cur")
            ;;
    esac
    if [[ $kind == portals ]] && declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$cur"; fi
}

complete -F _eonay eonay

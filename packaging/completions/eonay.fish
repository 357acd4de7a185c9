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
    sed -nE \'s/.*"at":([0-9]+),.*"decision":"([^"]*)","result":"([^"]*)",.*"reference":"([^"]+)".*/\\4\\t\\1\\t\\2\\t\\3/p\' |
    awk -F \'\\t\' -v locale="${LC_ALL:-${LC_MESSAGES:-$LANG}}" \'BEGIN { split("accept=kabul;decline=ret;recorded=kaydedildi;signed=imzalandı;failed=başarısız;cancelled=vazgeçildi;unknown=bilinmiyor", words, ";"); for (pair in words) {
            split(words[pair], both, "="); turkish[both[1]] = both[2] } }
        { isTurkish = locale ~ /^tr/; print $1 "\\t" strftime(isTurkish ? "%d.%m.%Y" : "%Y-%m-%d", $2) ", " \\
            (isTurkish ? turkish[$3] ", " turkish[$4] : $3 ", " $4) }\''
end

function __eonay_keys
    sh -c 'printf \'check\\teonay.conf\\n\'; timeout 3 eonay config --json 2>/dev/null |
    grep -oE \'"group":"[A-Za-z]+","name":"[A-Za-z]+","meaning":"([^"\\\\]|\\\\.)*"\' |
    sed -E \'s/^"group":"([A-Za-z]+)","name":"([A-Za-z]+)","meaning":"(.*)"$/\\1.\\2\\t\\3/; s/\\\\(.)/\\1/g\''
end

function __eonay_actions
    sh -c 'printf \'status\\tPIN\\nchange\\tPIN\\nunblock\\tPUK\\n\''
end

function __eonay_formats
    sh -c 'printf \'%s\\t\\n\' table json csv ics prometheus'
end

function __eonay_portals
    sh -c 'timeout 3 busctl --user get-property org.eonay.EOnay1 /org/eonay/EOnay1 org.eonay.EOnay1 Portals 2>/dev/null |
    grep -oE \'https?://[^"]+\' | sed \'s/$/\\tportal/\''
end

function __eonay_errors
    sh -c 'printf \'%s\\texit status %s\\n\' InvalidArgument 10 NoCertificate 11 AmbiguousCertificate 12 NoToken 13 NoReader 14 NoCardService 15 AccessDenied 16 NoModule 17 TokenBusy 18 TokenRemoved 19 TokenFailed 20 NotQualified 21 CertificateNotYetValid 22 CertificateExpired 23 CertificateRevoked 24 RevocationUnknown 25 UntrustedIssuer 26 InvalidIdentity 27 IdentityMismatch 28 InvalidDecision 29 InvalidCode 30 CodeExpired 31 CodeUsed 32 StatementChanged 33 PinCancelled 34 PinIncorrect 35 PinFinalTry 36 PinLocked 37 PinInvalid 38 PinChangeRequired 39 PinPromptUnavailable 40 PortalNotConfigured 41 PortalUnreachable 42 PortalRefused 43 PortalUntrusted 44 Cancelled 45 LimitExceeded 46 StoreFailed 47 Internal 1 NoConsent 49 TooEarly 50 AlreadyFiled 51 CertificateSuspended 52 UserNoticeMissing 53 AmbiguousReader 54 ModuleUnusable 55 StateInUse 56 PromptDeferred 57 CardServiceMissing 58 PinMismatch 59 PukIncorrect 60 PukFinalTry 61 PukLocked 62 NotSupported 63'
end

# The first variable that is set and not empty says the language.
switch (string join \n -- $LC_ALL $LC_MESSAGES $LANG | string match -v '')[1]
    case 'tr*'
        set __eonay_texts \
            'Sürümü göster' \
            'Yardımı göster' \
            'Hangi sertifikalar için E-Onay verildiğini göster' \
            'Sertifikaların ne zamana kadar geçerli olduğunu göster' \
            'Okuyucuları, takılı kartları ve sorunlarını göster' \
            'Görülen sertifikaları ya da birini ayrıntılarıyla göster' \
            'Portalda E-Onay ver ya da reddet' \
            'Portalın bir doğrulama koduyla istediğini imzala' \
            'Bir portal sayfasının eonay: adresiyle istediğini imzala' \
            'Bir sertifikanın yenilenmesi için başvuru yap' \
            'Kart PIN’inin durumunu gösterir, PIN’i değiştirir ya da kilidini açar' \
            'Bu bilgisayarda verilmiş kararları göster, en yenisi önce' \
            'Bir sertifikanın bitiş hatırlatmalarını ertele' \
            'Hakkınızda saklanan her şeyi bir arşive yaz' \
            'Bir sertifika, bir kişi ya da herkes hakkında saklananları sil' \
            'Kart, sertifika ve onaylardaki olayları göster' \
            'Yapılandırmayı göster: değerler, nereden geldikleri ve yanlış olanlar' \
            'Sertifika dosyasının içeriğini göster (DER ya da PEM)' \
            'Bir imzayı değerlendir (CAdES, B düzeyi)' \
            'Karttan portala kadar her şeye bakıp sorunun nasıl giderileceğini söyle' \
            'Alt komutun yardımını göster' \
            'JSON yaz; biçimi eonay(1) sayfasında anlatılır' \
            'Yalnızca isteneni ve hataları yaz: ilerleme, öneri ve başarı bildirimi yok' \
            'Uzun listeyi sayfalayıcı olmadan göster' \
            'Biçim: table, json, csv, ics ya da prometheus' \
            'Çıktının tek adımda yazılacağı dosya; csv, ics ve prometheus ile' \
            'Her kartı bu sürücüye (bir PKCS#11 modülünün dosya yoluna) okutur ve sürücünün yazdıklarını kişisel veriler olmadan gösterir' \
            'KABUL EDİYORUM' \
            'KABUL ETMİYORUM' \
            'Sertifika kimliği ya da kimliğin en az ilk sekiz hanesi' \
            'Yapılandırılmış portallardan biri; verilmezse ilki' \
            'Kartın takılması için beklenecek saniye' \
            'Kartta bulunması gereken T.C. Kimlik No’yu sor ya da standart girdiden oku' \
            'PIN için tek deneme hakkı kalmış olsa da devam et' \
            'PIN’i bu dosya tanımlayıcısından oku; her soruluşu için bir satır' \
            'PIN sormak yerine hata ver' \
            'Pencere gösterilebilse de PIN’i bu uçbirimde sor' \
            'Tek deneme hakkı kalmış olsa da sürdürür; kilitlenen PUK kartı kalıcı olarak kullanılamaz kılar' \
            'Bu dosya tanıtıcısından iki satır okur: şimdiki PIN (ya da PUK) ve yeni PIN' \
            'Pencere gösterilebilse bile bu uçbirimde sorar' \
            'En çok kaç tane gösterilsin; 0: hepsi' \
            'Bu günden önce hatırlatma yok: 31.12.2026 ya da 2026-12-31' \
            'Bu kadar gün hatırlatma yok' \
            'Yeniden hatırlat' \
            'Sertifika sahibi hakkındaki her şey' \
            'Herkes hakkındaki her şey' \
            'Kaydedilmiş olanlar da, imzalarıyla birlikte' \
            'Sorma' \
            'İmzanın içinde değilse, imzalanan dosya' \
            'Güvenilen sertifikaların klasörü; verilmezse /etc/eonay/trust' \
            'Yardım masası için bu dosyaya ad, numara ve başka kişisel veri içermeyen bir rapor yaz' \
            'Rapor dosyası varsa üzerine yaz'
    case '*'
        set __eonay_texts \
            'Show the version' \
            'Show help information' \
            'Show for which certificates E-Onay is given' \
            'Show how long the certificates are good' \
            'Show the readers, the cards in them, and their problems' \
            'Show the certificates that were seen, or one of them whole' \
            'Give or decline E-Onay at the portal' \
            'Sign what the portal asks for under a verification code' \
            'Sign what a portal\'s page asks for by an eonay: address' \
            'File the application for a certificate\'s renewal' \
            'Show how a card\'s PIN stands, change it, or unblock it' \
            'Show the decisions made on this computer, newest first' \
            'Put off the reminders of a certificate\'s end' \
            'Write all that is stored about you into an archive' \
            'Delete what is stored about a certificate, a person, or everybody' \
            'Show what happens to cards, certificates and approvals' \
            'Show the configuration: values, where they come from, and what is wrong' \
            'Show the contents of a certificate file (DER or PEM)' \
            'Judge a signature (CAdES, level B)' \
            'Look at everything from the card to the portal, and say what mends it' \
            'Show subcommand help information' \
            'Print JSON, in the form that eonay(1) describes' \
            'Print only what was asked for, and errors: no progress, no advice, no word of success' \
            'Show a long list without a pager' \
            'The form: table, json, csv, ics or prometheus' \
            'A file to write instead, in one step; with csv, ics and prometheus' \
            'Have this driver (the path of a PKCS#11 module) look at each card, and show its output without personal data' \
            'KABUL EDİYORUM: accept' \
            'KABUL ETMİYORUM: decline' \
            'The certificate: its id, or eight or more of its first digits' \
            'One of the configured portals; without it, the first' \
            'Seconds to wait for the card to be put in' \
            'Ask for the T.C. Kimlik No that the card must bear, or read it from standard input' \
            'Go on although one PIN try is left' \
            'Read the PIN from this descriptor, a line for each time it is asked' \
            'Fail rather than ask for the PIN' \
            'Ask for the PIN on this terminal, also where a window could be shown' \
            'Go on although one try is left; a PUK that is locked makes the card useless for ever' \
            'Read two lines from this descriptor: the present PIN (or the PUK), and the new PIN' \
            'Ask on this terminal, also where a window could be shown' \
            'How many to show at most; 0: all' \
            'No reminder before this day: 2026-12-31 or 31.12.2026' \
            'No reminder for so many days' \
            'Remind again' \
            'Everything about the certificate\'s holder' \
            'Everything, of everybody' \
            'What was recorded, too, with its signatures' \
            'Do not ask' \
            'What was signed, where the signature does not hold it' \
            'A folder with the certificates that are trusted; without it, /etc/eonay/trust' \
            'Write a report for a help desk into this file, without names, numbers and other personal data' \
            'Replace the report\'s file, if there is one'
end

complete -c eonay -f
complete -c eonay -n __fish_use_subcommand -l version -d $__eonay_texts[1]
complete -c eonay -n __fish_use_subcommand -s h -l help -d $__eonay_texts[2]
complete -c eonay -n __fish_use_subcommand -a status -d $__eonay_texts[3]
complete -c eonay -n __fish_use_subcommand -a expiry -d $__eonay_texts[4]
complete -c eonay -n __fish_use_subcommand -a tokens -d $__eonay_texts[5]
complete -c eonay -n __fish_use_subcommand -a certificates -d $__eonay_texts[6]
complete -c eonay -n __fish_use_subcommand -a approve -d $__eonay_texts[7]
complete -c eonay -n __fish_use_subcommand -a sign -d $__eonay_texts[8]
complete -c eonay -n __fish_use_subcommand -a open -d $__eonay_texts[9]
complete -c eonay -n __fish_use_subcommand -a renew -d $__eonay_texts[10]
complete -c eonay -n __fish_use_subcommand -a pin -d $__eonay_texts[11]
complete -c eonay -n __fish_use_subcommand -a history -d $__eonay_texts[12]
complete -c eonay -n __fish_use_subcommand -a snooze -d $__eonay_texts[13]
complete -c eonay -n __fish_use_subcommand -a export -d $__eonay_texts[14]
complete -c eonay -n __fish_use_subcommand -a forget -d $__eonay_texts[15]
complete -c eonay -n __fish_use_subcommand -a watch -d $__eonay_texts[16]
complete -c eonay -n __fish_use_subcommand -a config -d $__eonay_texts[17]
complete -c eonay -n __fish_use_subcommand -a inspect -d $__eonay_texts[18]
complete -c eonay -n __fish_use_subcommand -a verify -d $__eonay_texts[19]
complete -c eonay -n __fish_use_subcommand -a doctor -d $__eonay_texts[20]
complete -c eonay -n __fish_use_subcommand -a help -d $__eonay_texts[21]
complete -c eonay -n '__fish_seen_subcommand_from help' -a 'status expiry tokens certificates approve sign open renew pin history snooze export forget watch config inspect verify doctor'

complete -c eonay -n '__fish_seen_subcommand_from status' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from status' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from status' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from status' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from status' -s h -l help -d $__eonay_texts[2]

complete -c eonay -n '__fish_seen_subcommand_from expiry' -l format -x -a '(__eonay_formats)' -d $__eonay_texts[25]
complete -c eonay -n '__fish_seen_subcommand_from expiry' -l output -r -F -d $__eonay_texts[26]
complete -c eonay -n '__fish_seen_subcommand_from expiry' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from expiry' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from expiry' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from expiry' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from expiry' -s h -l help -d $__eonay_texts[2]

complete -c eonay -n '__fish_seen_subcommand_from tokens' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from tokens' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from tokens' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from tokens' -l diagnose -r -F -d $__eonay_texts[27]
complete -c eonay -n '__fish_seen_subcommand_from tokens' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from tokens' -s h -l help -d $__eonay_texts[2]

complete -c eonay -n '__fish_seen_subcommand_from certificates' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from certificates' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from certificates' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from certificates' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from certificates' -s h -l help -d $__eonay_texts[2]
complete -c eonay -n '__fish_seen_subcommand_from certificates' -a '(__eonay_certificates)'

complete -c eonay -n '__fish_seen_subcommand_from approve' -l accept -d $__eonay_texts[28]
complete -c eonay -n '__fish_seen_subcommand_from approve' -l decline -d $__eonay_texts[29]
complete -c eonay -n '__fish_seen_subcommand_from approve' -s c -l certificate -x -a '(__eonay_certificates)' -d $__eonay_texts[30]
complete -c eonay -n '__fish_seen_subcommand_from approve' -l portal -x -a '(__eonay_portals)' -d $__eonay_texts[31]
complete -c eonay -n '__fish_seen_subcommand_from approve' -l wait -x -d $__eonay_texts[32]
complete -c eonay -n '__fish_seen_subcommand_from approve' -l identity -d $__eonay_texts[33]
complete -c eonay -n '__fish_seen_subcommand_from approve' -l final-try -d $__eonay_texts[34]
complete -c eonay -n '__fish_seen_subcommand_from approve' -l pin-fd -x -d $__eonay_texts[35]
complete -c eonay -n '__fish_seen_subcommand_from approve' -l no-prompt -d $__eonay_texts[36]
complete -c eonay -n '__fish_seen_subcommand_from approve' -l terminal -d $__eonay_texts[37]
complete -c eonay -n '__fish_seen_subcommand_from approve' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from approve' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from approve' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from approve' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from approve' -s h -l help -d $__eonay_texts[2]

complete -c eonay -n '__fish_seen_subcommand_from sign' -s c -l certificate -x -a '(__eonay_certificates)' -d $__eonay_texts[30]
complete -c eonay -n '__fish_seen_subcommand_from sign' -l portal -x -a '(__eonay_portals)' -d $__eonay_texts[31]
complete -c eonay -n '__fish_seen_subcommand_from sign' -l wait -x -d $__eonay_texts[32]
complete -c eonay -n '__fish_seen_subcommand_from sign' -l identity -d $__eonay_texts[33]
complete -c eonay -n '__fish_seen_subcommand_from sign' -l final-try -d $__eonay_texts[34]
complete -c eonay -n '__fish_seen_subcommand_from sign' -l pin-fd -x -d $__eonay_texts[35]
complete -c eonay -n '__fish_seen_subcommand_from sign' -l no-prompt -d $__eonay_texts[36]
complete -c eonay -n '__fish_seen_subcommand_from sign' -l terminal -d $__eonay_texts[37]
complete -c eonay -n '__fish_seen_subcommand_from sign' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from sign' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from sign' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from sign' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from sign' -s h -l help -d $__eonay_texts[2]

complete -c eonay -n '__fish_seen_subcommand_from open' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from open' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from open' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from open' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from open' -s h -l help -d $__eonay_texts[2]

complete -c eonay -n '__fish_seen_subcommand_from renew' -s c -l certificate -x -a '(__eonay_certificates)' -d $__eonay_texts[30]
complete -c eonay -n '__fish_seen_subcommand_from renew' -l portal -x -a '(__eonay_portals)' -d $__eonay_texts[31]
complete -c eonay -n '__fish_seen_subcommand_from renew' -l wait -x -d $__eonay_texts[32]
complete -c eonay -n '__fish_seen_subcommand_from renew' -l identity -d $__eonay_texts[33]
complete -c eonay -n '__fish_seen_subcommand_from renew' -l final-try -d $__eonay_texts[34]
complete -c eonay -n '__fish_seen_subcommand_from renew' -l pin-fd -x -d $__eonay_texts[35]
complete -c eonay -n '__fish_seen_subcommand_from renew' -l no-prompt -d $__eonay_texts[36]
complete -c eonay -n '__fish_seen_subcommand_from renew' -l terminal -d $__eonay_texts[37]
complete -c eonay -n '__fish_seen_subcommand_from renew' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from renew' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from renew' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from renew' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from renew' -s h -l help -d $__eonay_texts[2]
complete -c eonay -n '__fish_seen_subcommand_from renew' -a '(__eonay_certificates)'

complete -c eonay -n '__fish_seen_subcommand_from pin' -l final-try -d $__eonay_texts[38]
complete -c eonay -n '__fish_seen_subcommand_from pin' -l pin-fd -x -d $__eonay_texts[39]
complete -c eonay -n '__fish_seen_subcommand_from pin' -l terminal -d $__eonay_texts[40]
complete -c eonay -n '__fish_seen_subcommand_from pin' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from pin' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from pin' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from pin' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from pin' -s h -l help -d $__eonay_texts[2]
complete -c eonay -n '__fish_seen_subcommand_from pin' -a '(__eonay_actions)'
complete -c eonay -n '__fish_seen_subcommand_from pin' -a '(__eonay_certificates)'

complete -c eonay -n '__fish_seen_subcommand_from history' -l limit -x -d $__eonay_texts[41]
complete -c eonay -n '__fish_seen_subcommand_from history' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from history' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from history' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from history' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from history' -s h -l help -d $__eonay_texts[2]
complete -c eonay -n '__fish_seen_subcommand_from history' -a '(__eonay_references)'

complete -c eonay -n '__fish_seen_subcommand_from snooze' -l until -x -d $__eonay_texts[42]
complete -c eonay -n '__fish_seen_subcommand_from snooze' -l days -x -d $__eonay_texts[43]
complete -c eonay -n '__fish_seen_subcommand_from snooze' -l off -d $__eonay_texts[44]
complete -c eonay -n '__fish_seen_subcommand_from snooze' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from snooze' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from snooze' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from snooze' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from snooze' -s h -l help -d $__eonay_texts[2]
complete -c eonay -n '__fish_seen_subcommand_from snooze' -a '(__eonay_certificates)'

complete -c eonay -n '__fish_seen_subcommand_from export' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from export' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from export' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from export' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from export' -s h -l help -d $__eonay_texts[2]
complete -c eonay -n '__fish_seen_subcommand_from export' -F

complete -c eonay -n '__fish_seen_subcommand_from forget' -l holder -d $__eonay_texts[45]
complete -c eonay -n '__fish_seen_subcommand_from forget' -l all -d $__eonay_texts[46]
complete -c eonay -n '__fish_seen_subcommand_from forget' -l signatures -d $__eonay_texts[47]
complete -c eonay -n '__fish_seen_subcommand_from forget' -l yes -d $__eonay_texts[48]
complete -c eonay -n '__fish_seen_subcommand_from forget' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from forget' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from forget' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from forget' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from forget' -s h -l help -d $__eonay_texts[2]
complete -c eonay -n '__fish_seen_subcommand_from forget' -a '(__eonay_certificates)'

complete -c eonay -n '__fish_seen_subcommand_from watch' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from watch' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from watch' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from watch' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from watch' -s h -l help -d $__eonay_texts[2]

complete -c eonay -n '__fish_seen_subcommand_from config' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from config' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from config' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from config' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from config' -s h -l help -d $__eonay_texts[2]
complete -c eonay -n '__fish_seen_subcommand_from config' -a '(__eonay_keys)'
complete -c eonay -n '__fish_seen_subcommand_from config' -F

complete -c eonay -n '__fish_seen_subcommand_from inspect' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from inspect' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from inspect' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from inspect' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from inspect' -s h -l help -d $__eonay_texts[2]
complete -c eonay -n '__fish_seen_subcommand_from inspect' -F

complete -c eonay -n '__fish_seen_subcommand_from verify' -l content -r -F -d $__eonay_texts[49]
complete -c eonay -n '__fish_seen_subcommand_from verify' -l trust -x -a '(__fish_complete_directories)' -d $__eonay_texts[50]
complete -c eonay -n '__fish_seen_subcommand_from verify' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from verify' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from verify' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from verify' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from verify' -s h -l help -d $__eonay_texts[2]
complete -c eonay -n '__fish_seen_subcommand_from verify' -F

complete -c eonay -n '__fish_seen_subcommand_from doctor' -l report -r -F -d $__eonay_texts[51]
complete -c eonay -n '__fish_seen_subcommand_from doctor' -l force -d $__eonay_texts[52]
complete -c eonay -n '__fish_seen_subcommand_from doctor' -l json -d $__eonay_texts[22]
complete -c eonay -n '__fish_seen_subcommand_from doctor' -s q -l quiet -d $__eonay_texts[23]
complete -c eonay -n '__fish_seen_subcommand_from doctor' -l no-pager -d $__eonay_texts[24]
complete -c eonay -n '__fish_seen_subcommand_from doctor' -l version -d $__eonay_texts[1]
complete -c eonay -n '__fish_seen_subcommand_from doctor' -s h -l help -d $__eonay_texts[2]
complete -c eonay -n '__fish_seen_subcommand_from doctor' -a '(__eonay_errors)'

set -e __eonay_texts

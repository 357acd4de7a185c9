// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

extension IssuerProfile {
    /// Those that are built in (docs/decisions/0034 says by which sources).
    public static let known: [IssuerProfile] =
        kamuSM + [companySeals]
        + site("https://www.e-guven.com/", of: "e-Guven", "e-Güven", "Elektronik Bilgi Guvenligi")
        + site("https://www.e-tugra.com.tr/", of: "e-Tugra", "e-Tuğra", "EBG ")
        + site("https://www.turktrust.com.tr/", of: "TURKTRUST", "TÜRKTRUST")

    /// The certification centre of the public sector. Its renewals begin with the holder's institution, three months before the end by five
    /// institutions' pages, one month by its own guide: so the window stays a month, and two early reminders say what comes first.
    private static let kamuSM = ["Kamu Elektronik Sertifika Hizmet Sağlayıcısı", "Kamu SM"].map { part in
        var profile = IssuerProfile(
            part, ladder: ReminderLadder([90, 60] + ReminderLadder.usual.thresholds), renewPage: onlineServices,
            unlockPage: onlineServices, openPage: onlineServices, phone: "444 5 576")
        profile.beginsAtInstitution = true
        return profile
    }

    /// Its authority for companies' seals, which a company renews itself.
    private static let companySeals = IssuerProfile(
        "Mali Mühür Elektronik Sertifika Hizmet Sağlayıcısı", renewPage: "https://kamusm.bilgem.tubitak.gov.tr/",
        unlockPage: "https://kamusm.bilgem.tubitak.gov.tr/", openPage: "https://kamusm.bilgem.tubitak.gov.tr/",
        phone: "444 5 576")

    private static let onlineServices = "https://onlineislemler.kamusm.gov.tr/"

    /// An issuer that does everything at its own site, behind a login that the site leads to.
    private static func site(_ address: String, of parts: String...) -> [IssuerProfile] {
        parts.map { IssuerProfile($0, renewPage: address, unlockPage: address, openPage: address) }
    }
}

// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11

extension Session {
    private static let mostObjects = 512
    /// A certificate of a person has 1-3 KiB; what is larger is none.
    private static let longestCertificate = 64 * 1024
    private static let longestAttribute = 4 * 1024

    /// The certificates that can be read without a PIN; those that cannot are skipped and counted.
    public func certificates() throws(TokenError) -> CertificateList {
        var list = CertificateList()
        for object in try inSession({ () throws(TokenError) in try find(CKO_CERTIFICATE) }) {
            do throws(TokenError) {
                let der = try inSession { () throws(TokenError) in
                    try attribute(CKA_VALUE, of: object, atMost: Self.longestCertificate)
                }
                guard !der.isEmpty else {
                    list.broken += 1
                    continue
                }
                // An identifier is welcome, not needed: the key is then found by its public half.
                let id = (try? attribute(CKA_ID, of: object)) ?? []
                // Some modules show a certificate twice.
                if !list.certificates.contains(where: { $0.der == der }) {
                    list.certificates.append(CertificateObject(der: der, id: id))
                }
            } catch {
                // One bad object must not hide the others, but a card that went must not look like an empty one.
                if error.kind == .tokenRemoved { throw error }
                list.broken += 1
                list.failure = list.failure ?? error
            }
        }
        return list
    }

    /// The objects of a class, of that CKA_ID where one is given.
    func find(_ objectClass: CK_OBJECT_CLASS, id: [UInt8]? = nil) throws(TokenError) -> [CK_OBJECT_HANDLE] {
        try beginSearch(objectClass, id)
        var found: [CK_OBJECT_HANDLE] = []
        var batch = [CK_OBJECT_HANDLE](repeating: 0, count: 32)
        defer {
            // The search ends with the session anyway.
            try? token.module.call("C_FindObjectsFinal", \.C_FindObjectsFinal) { $0(handle) }
        }
        while true {
            var count: CK_ULONG = 0
            try token.module.call("C_FindObjects", \.C_FindObjects) {
                $0(handle, &batch, CK_ULONG(batch.count), &count)
            }
            guard count > 0 else { return found }
            guard count <= batch.count, found.count + Int(count) <= Self.mostObjects else {
                throw TokenError(.absurdAnswer, call: "C_FindObjects")
            }
            found += batch.prefix(Int(count))
        }
    }

    /// An attribute's bytes; `absurdAnswer` where the module announces more than the limit.
    func attribute(
        _ type: CK_ATTRIBUTE_TYPE, of object: CK_OBJECT_HANDLE, atMost limit: Int = longestAttribute
    ) throws(TokenError) -> [UInt8] {
        var template = CK_ATTRIBUTE(type: type, pValue: nil, ulValueLen: 0)
        try token.module.call("C_GetAttributeValue", \.C_GetAttributeValue) { $0(handle, object, &template, 1) }
        // CK_UNAVAILABLE_INFORMATION, all ones, is beyond every limit too.
        guard template.ulValueLen <= CK_ULONG(limit) else {
            throw TokenError(.absurdAnswer, call: "C_GetAttributeValue")
        }
        let announced = template.ulValueLen
        var bytes = [UInt8](repeating: 0, count: Int(announced))
        try token.module.call("C_GetAttributeValue", \.C_GetAttributeValue) { getAttributeValue in
            bytes.withUnsafeMutableBytes { buffer in
                template.pValue = buffer.baseAddress
                return getAttributeValue(handle, object, &template, 1)
            }
        }
        guard template.ulValueLen <= announced else { throw TokenError(.absurdAnswer, call: "C_GetAttributeValue") }
        return Array(bytes.prefix(Int(template.ulValueLen)))
    }

    private func beginSearch(_ objectClass: CK_OBJECT_CLASS, _ id: [UInt8]?) throws(TokenError) {
        var objectClass = objectClass
        var id = id ?? []
        let conditions: CK_ULONG = id.isEmpty ? 1 : 2
        try token.module.call("C_FindObjectsInit", \.C_FindObjectsInit) { findObjectsInit in
            withUnsafeMutableBytes(of: &objectClass) { classBytes in
                id.withUnsafeMutableBytes { idBytes in
                    var template = [
                        CK_ATTRIBUTE(
                            type: CKA_CLASS, pValue: classBytes.baseAddress, ulValueLen: CK_ULONG(classBytes.count)),
                        CK_ATTRIBUTE(type: CKA_ID, pValue: idBytes.baseAddress, ulValueLen: CK_ULONG(idBytes.count)),
                    ]
                    return findObjectsInit(handle, &template, conditions)
                }
            }
        }
    }
}

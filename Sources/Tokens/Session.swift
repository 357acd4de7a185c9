// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

import CPKCS11

/// One session with a token, closed with the object. Reading certificates never logs in.
public final class Session {
    /// The token it was opened on.
    public let token: Token
    let handle: CK_SESSION_HANDLE
    private var isLoggedIn = false

    init(token: Token, forWriting: Bool) throws(TokenError) {
        self.token = token
        let flags = CK_FLAGS(CKF_SERIAL_SESSION | (forWriting ? CKF_RW_SESSION : 0))
        handle = try token.lookingAgain { () throws(TokenError) in
            var handle: CK_SESSION_HANDLE = 0
            try token.module.call("C_OpenSession", \.C_OpenSession) {
                $0(token.slot, flags, nil, nil, &handle)
            }
            return handle
        }
    }

    deinit {
        logOut()
        // Nothing can be done about a failure here: the card may be gone.
        try? token.module.call("C_CloseSession", \.C_CloseSession) { $0(handle) }
    }

    /// Logs the holder in with this PIN: one call is one of the card's tries, and it is never repeated.
    public func logIn(_ pin: Span<UInt8>) throws(TokenError) {
        try logIn(as: CKU_USER, pin)
        isLoggedIn = true
    }

    /// Logs the holder in by the reader's keypad; blocks until the PIN was typed there, or the reader gave up.
    public func logInOnKeypad() throws(TokenError) {
        try logIn(as: CKU_USER, nil)
        isLoggedIn = true
    }

    /// Logs the security officer in, by the SO PIN or on the keypad (nil): one call is one of its tries, and it is never repeated.
    ///
    /// No session of this process may be read-only then (PKCS#11 v2.40, C_Login).
    public func logInAsOfficer(_ puk: Span<UInt8>?) throws(TokenError) {
        try logIn(as: CKU_SO, puk)
        isLoggedIn = true
    }

    /// Ends the login; the next one needs the PIN anew.
    public func logOut() {
        guard isLoggedIn else { return }
        isLoggedIn = false
        // A card that is gone has logged out by itself.
        try? token.module.call("C_Logout", \.C_Logout) { $0(handle) }
    }

    /// The PIN for the one signature that has begun (CKA_ALWAYS_AUTHENTICATE); only inside `sign(_:with:authenticating:)`.
    public func authenticate(_ pin: Span<UInt8>) throws(TokenError) {
        try logIn(as: CKU_CONTEXT_SPECIFIC, pin)
    }

    /// As `authenticate(_:)`, on the reader's keypad.
    public func authenticateOnKeypad() throws(TokenError) {
        try logIn(as: CKU_CONTEXT_SPECIFIC, nil)
    }

    private func logIn(as user: CK_USER_TYPE, _ pin: Span<UInt8>?) throws(TokenError) {
        try inSession { () throws(TokenError) in
            do throws(TokenError) {
                guard let pin else {
                    return try token.module.call("C_Login", \.C_Login) { $0(handle, user, nil, 0) }
                }
                try token.module.call("C_Login", \.C_Login) { login in
                    pin.withUnsafeBufferPointer { bytes in
                        // C_Login's parameter lacks const; PKCS#11 only reads it.
                        login(handle, user, UnsafeMutablePointer(mutating: bytes.baseAddress), CK_ULONG(bytes.count))
                    }
                }
            } catch {
                // Another session of this process did it: just as good.
                if case .returned(CKR_USER_ALREADY_LOGGED_IN) = error.code { return }
                throw error
            }
        }
    }

    /// Does it, and where the answer may mean a removal, looks whether card and session still exist before it is told.
    func inSession<Result>(_ body: () throws(TokenError) -> Result) throws(TokenError) -> Result {
        do throws(TokenError) {
            return try token.lookingAgain(body)
        } catch {
            guard error.asksForASecondLook, !error.cardIsGone, isDead else { throw error }
            throw error.knowingTheCardIsGone()
        }
    }

    /// A card that was out and in again is in its slot, but its sessions died with the removal.
    private var isDead: Bool {
        var info = CK_SESSION_INFO()
        do throws(TokenError) {
            try token.module.call("C_GetSessionInfo", \.C_GetSessionInfo) { $0(handle, &info) }
            return false
        } catch {
            return error.code == .returned(CKR_SESSION_HANDLE_INVALID) || error.code == .returned(CKR_SESSION_CLOSED)
        }
    }
}

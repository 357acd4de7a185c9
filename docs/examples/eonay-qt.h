// SPDX-FileCopyrightText: The E-Onay authors
// SPDX-License-Identifier: Apache-2.0

// The rows and pairs of the contract as Qt types: qdbusxml2cpp -N -i eonay-qt.h -p eonay org.eonay.EOnay1.xml
// Call registerEOnayTypes() once, before the first call.
#pragma once
#include <QDBusArgument>
#include <QDBusMetaType>
#include <QList>
#include <QVariantMap>

struct EOnayStatus { QString id, holder, approval; qlonglong decidedAt; QString portal; };
struct EOnayExpiry { QString id, holder; qlonglong notAfter; int daysLeft; QString phase; };
struct EOnayDecision { qlonglong at; QString certificate, decision, result, portal, reference; };
struct EOnayIssue { QString file; uint line; QString sentence; };
struct EOnayModuleProblem { QString file, reason; };
struct EOnaySignature { QString step; QByteArray cms; };
struct EOnayError { QString name, message; };
struct EOnayStep { uint number, count; };

// Both directions of a structure, member by member.
#define EONAY_TYPE(Type, out, in)                                                                       \
    Q_DECLARE_METATYPE(Type)                                                                            \
    inline QDBusArgument &operator<<(QDBusArgument &to, const Type &value) {                            \
        to.beginStructure();                                                                            \
        to << out;                                                                                      \
        to.endStructure();                                                                              \
        return to;                                                                                      \
    }                                                                                                   \
    inline const QDBusArgument &operator>>(const QDBusArgument &from, Type &value) {                    \
        from.beginStructure();                                                                          \
        from >> in;                                                                                     \
        from.endStructure();                                                                            \
        return from;                                                                                    \
    }
#define V(member) value.member
EONAY_TYPE(EOnayStatus, V(id) << V(holder) << V(approval) << V(decidedAt) << V(portal),
           V(id) >> V(holder) >> V(approval) >> V(decidedAt) >> V(portal))
EONAY_TYPE(EOnayExpiry, V(id) << V(holder) << V(notAfter) << V(daysLeft) << V(phase),
           V(id) >> V(holder) >> V(notAfter) >> V(daysLeft) >> V(phase))
EONAY_TYPE(EOnayDecision, V(at) << V(certificate) << V(decision) << V(result) << V(portal) << V(reference),
           V(at) >> V(certificate) >> V(decision) >> V(result) >> V(portal) >> V(reference))
EONAY_TYPE(EOnayIssue, V(file) << V(line) << V(sentence), V(file) >> V(line) >> V(sentence))
EONAY_TYPE(EOnayModuleProblem, V(file) << V(reason), V(file) >> V(reason))
EONAY_TYPE(EOnaySignature, V(step) << V(cms), V(step) >> V(cms))
EONAY_TYPE(EOnayError, V(name) << V(message), V(name) >> V(message))
EONAY_TYPE(EOnayStep, V(number) << V(count), V(number) >> V(count))
#undef V
#undef EONAY_TYPE

inline void registerEOnayTypes() {
    qDBusRegisterMetaType<QList<QVariantMap>>();
    qDBusRegisterMetaType<QList<EOnayStatus>>();
    qDBusRegisterMetaType<QList<EOnayExpiry>>();
    qDBusRegisterMetaType<QList<EOnayDecision>>();
    qDBusRegisterMetaType<QList<EOnayIssue>>();
    qDBusRegisterMetaType<QList<EOnayModuleProblem>>();
    qDBusRegisterMetaType<QList<EOnaySignature>>();
    qDBusRegisterMetaType<EOnayError>();
    qDBusRegisterMetaType<EOnayStep>();
}

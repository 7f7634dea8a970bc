import Documents
import Faults
import Notation
import Registry
import TLS

/// Every rule that is taken, as a schema: for each effect what it takes, as the catalogue has it, and what a rule with
/// it may match on.
///
/// It is made of the catalogue, so that an effect is described by being listed. What an effect asks beyond its
/// parameters' kinds is in ``EffectForms``.
struct FaultRuleSchema {
    let format: DocumentFormat

    /// A rule to be made, in JSON or in YAML, where what looks like a number is taken for the text that it is written
    /// as.
    static func rule(in format: DocumentFormat) -> JSONValue {
        let schema = FaultRuleSchema(format: format)
        let forms = Catalogue.effects.flatMap { entry in
            EffectForms(entry: entry, format: format).all.map { schema.form($0, of: entry) }
        }
        return ["anyOf": .array(forms)]
    }

    /// The schemas of `when`, by the name of the last stage at which the rule can act: what is known by then.
    static func conditions(in format: DocumentFormat) -> JSONValue {
        let schema = FaultRuleSchema(format: format)
        return .object(conditionStages.map { .init(name(ofConditionsAt: $0, in: format), schema.conditions(at: $0)) })
    }

    /// What became of a rule; one is taken as it is shown.
    private static let told = ["stage", "matched", "acted", "missed", "retired", "expires", "notes"]

    private static let conditionStages: [Stage] = [.listener, .accept, .hello, .request]

    private static func name(ofConditionsAt stage: Stage, in format: DocumentFormat) -> String {
        let word = (conditionStages.last { $0 <= stage } ?? .listener).rawValue
        return "FaultConditionsAt\(word.prefix(1).uppercased())\(word.dropFirst())\(format == .yaml ? "InYAML" : "")"
    }

    private func form(_ form: EffectForms.Form, of entry: Effect) -> JSONValue {
        let arguments = Schemas.object(.object(form.parameters))
        let conditions = Schemas.reference(Self.name(ofConditionsAt: form.lastStage, in: format))
        let isCounting = form.lastStage != .listener
        return Schemas.object(
            [
                "name?": Schemas.nullable(Schemas.ruleName), "when?": Schemas.nullable(conditions),
                "do": ["const": .string(entry.name)],
                form.needsParameters ? "with" : "with?":
                    form.needsParameters ? arguments : Schemas.nullable(arguments),
                "skip?": Schemas.nullable(isCounting ? Schemas.ruleCount(from: 0) : ["const": 0]),
                "times?": isCounting ? Schemas.nullable(Schemas.ruleCount(from: 1)) : Schemas.null,
                "probability?": Schemas.nullable(isCounting ? Schemas.probability : ["const": 1]),
                "for?": Schemas.nullable(Schemas.lifetime),
            ],
            .object(Self.told.map { .init($0 + "?", Schemas.told) })
        )
    }

    private func conditions(at stage: Stage) -> JSONValue {
        let keys = RuleKey.allCases.filter { stage == .listener ? $0 == .listener : $0.isKnown(at: stage) }
        return [
            "type": "object", "description": "What must hold, all of it; nothing matches everything.",
            "properties": .object(keys.map { .init($0.rawValue, Schemas.nullable(condition($0))) }),
            "additionalProperties": false,
        ]
    }

    private func condition(_ key: RuleKey) -> JSONValue {
        switch key {
        case .listener: ["type": format.textTypes, "minLength": 1]
        case .client: Schemas.text(like: Patterns.addressBlock)
        case .sni: ["type": "string", "pattern": .string(Patterns.hostNameOrBelow), "maxLength": 253]
        case .ja4:
            Schemas.text(like: "^t(10|11|12|13|00|s2|s3)[di][0-9]{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$")
        case .serial: format.serial(Schemas.text(like: Patterns.serialOrPrefix))
        case .license: Schemas.licenseNumber
        case .token: Schemas.tokenSerial
        case .message: Schemas.choice(Schemas.messageTypes)
        case .path:
            [
                "type": "string", "pattern": .string(Patterns.pathOrPrefix),
                "maxLength": .integer(ExchangeFacts.pathLimit),
            ]
        }
    }
}

/// The ways in which one effect's parameters may be given: one for most, and several where one excludes or needs
/// another.
struct EffectForms {
    struct Form {
        /// The parameters, each with the schema of its value; those that may be left out with a question mark.
        var parameters: [JSONValue.Member]
        /// Whether one of them must be given.
        var needsParameters: Bool
        /// The last stage at which a rule of this form can be asked.
        var lastStage: Stage
    }

    let entry: Effect
    let format: DocumentFormat

    var all: [Form] {
        switch entry.name {
        case "tcp.reset":
            ["accept", "hello", "request", nil].map { after(stage: $0, without: ["bytes"]) }
                + [form(["after": ["const": "bytes"]], required: ["after"])]
        case "tcp.close": ["accept", "hello", nil].map { after(stage: $0) }
        case "tls.corrupt": [after(stage: "data", named: "at"), records]
        case "tls.version": versions
        case "http.truncate":
            [
                form(["fraction": ["type": "number", "minimum": 0, "exclusiveMaximum": 1]], without: ["bytes"]),
                form(without: ["fraction"], required: ["bytes"]),
            ]
        default: [form()]
        }
    }

    /// The parameters as they are, but for those that are given another schema or are left out.
    private func form(
        _ special: [String: JSONValue] = [:],
        without: Set<String> = [],
        required: [String] = [],
        lastStage: Stage? = nil
    ) -> Form {
        let isNeeded = { (one: Parameter) in one.standard == nil || required.contains(one.name) }
        let parameters = entry.parameters.map { parameter -> JSONValue.Member in
            let name = parameter.name
            if without.contains(name) { return .init(isNeeded(parameter) ? name : name + "?", Schemas.null) }
            let schema = special[name] ?? self.schema(of: parameter)
            return isNeeded(parameter) ? .init(name, schema) : .init(name + "?", Schemas.nullable(schema))
        }
        return Form(
            parameters: parameters,
            needsParameters: entry.parameters.contains(where: isNeeded),
            lastStage: lastStage ?? entry.stages.last ?? .request
        )
    }

    /// The form in which a parameter says when; nil for the one in which it does not say.
    private func after(stage: String?, named name: String = "after", without: Set<String> = []) -> Form {
        guard let stage else {
            // At the latest: an answer's bytes are only meant where it says so.
            return form(without: without.union([name]), lastStage: entry.stages.last { $0 <= .request } ?? .accept)
        }
        let last = Stage(rawValue: stage) ?? entry.stages.last
        return form([name: ["const": .string(stage)]], without: without, required: [name], lastStage: last)
    }

    /// The words that a parameter has to choose from.
    private func choices(of name: String) -> [String] {
        if case .choice(let words)? = entry.parameters.first(where: { $0.name == name })?.kind { words } else { [] }
    }

    /// `tls.corrupt` at a record of the handshake.
    private var records: Form {
        form(["at": Schemas.choice(choices(of: "at").filter { $0 != "data" })], lastStage: .hello)
    }

    /// `tls.version` needs one of its two, and the oldest must not be above the newest.
    private var versions: [Form] {
        let all = choices(of: "min")
        let withOldest = all.indices.map { index in
            form(["min": words([all[index]]), "max": words(Array(all[index...]))], required: ["min"])
        }
        return withOldest + [form(["max": words(all)], without: ["min"], required: ["max"])]
    }

    private func schema(of parameter: Parameter) -> JSONValue {
        switch (entry.name, parameter.name) {
        case ("tls.certificate", "profile"): return Schemas.reference("CertificateProfile")
        case ("tls.ciphers", "list"): return Self.list(of: CipherList.knownNames)
        case ("tls.groups", "list"): return Self.list(of: GroupList.knownNames)
        case ("http.redirect", "code"): return ["enum": [301, 302, 303, 307, 308]]
        case ("http.redirect", "to"): return text(parameter, pattern: Patterns.filledFieldValue)
        case ("http.contentType", "value"): return text(parameter, pattern: Patterns.fieldValue)
        case ("http.status", "headers"):
            return [
                "type": "object", "propertyNames": ["pattern": .string(Patterns.fieldName)],
                "additionalProperties": ["type": format.textTypes, "pattern": .string(Patterns.fieldValue)],
            ]
        case ("http.length", "delta"):
            return Schemas.either(Schemas.whole(-1_048_576 ... -1), Schemas.whole(1...1_048_576))
        case ("service.wrongSerial", "serial"): return format.serial(Schemas.serial)
        case (_, "field"): return text(parameter, pattern: Patterns.fieldPath)
        default: break
        }
        switch parameter.kind {
        case .duration(let range):
            return Schemas.text(like: Patterns.duration(upTo: Int(range.upperBound.components.seconds)))
        case .integer(let range, _): return Schemas.whole(range)
        case .number(let range):
            return ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .text: return text(parameter, pattern: nil)
        case .choice(let words): return self.words(words)
        case .names: return Self.list(of: nil)
        case .texts: return ["type": "object", "additionalProperties": ["type": format.textTypes]]
        }
    }

    private func text(_ parameter: Parameter, pattern: String?) -> JSONValue {
        var members: [JSONValue.Member] = [.init("type", format.textTypes)]
        if case .text(let count) = parameter.kind { members.append(.init("maxLength", .integer(count))) }
        if let pattern { members.append(.init("pattern", .string(pattern))) }
        return .object(members)
    }

    /// One of the words; in YAML also as the number that one looks like.
    private func words(_ words: [String]) -> JSONValue {
        let numbers = format == .yaml ? words.compactMap { Double($0).map { JSONValue.number($0) } } : []
        return ["enum": .array(words.map { .string($0) } + numbers)]
    }

    private static func list(of names: [String]?) -> JSONValue {
        [
            "type": "array", "minItems": 1,
            "items": names.map { Schemas.choice($0) } ?? ["type": "string", "minLength": 1],
        ]
    }
}

extension DocumentFormat {
    /// What a text is written as: in YAML one that looks like a number needs no quotes.
    fileprivate var textTypes: JSONValue { self == .yaml ? ["string", "number"] : "string" }

    fileprivate func serial(_ text: JSONValue) -> JSONValue { self == .yaml ? Schemas.serialInYAML(text) : text }
}

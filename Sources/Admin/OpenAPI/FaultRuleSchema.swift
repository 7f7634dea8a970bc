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
        return ["anyOf": .array(Catalogue.effects.flatMap { schema.forms(of: $0) })]
    }

    /// The schemas of `when`, by the name of the last stage at which the rule can act: what is known by then.
    static func conditions(in format: DocumentFormat) -> JSONValue {
        let schema = FaultRuleSchema(format: format)
        return .object(
            conditionStages.map { .init(name(ofConditionsAt: $0, in: format), schema.conditions(at: $0)) }
        )
    }

    /// What became of a rule; one is taken as it is shown.
    private static let told = ["stage", "matched", "acted", "missed", "retired", "expires", "notes"]

    private static let conditionStages: [Stage] = [.listener, .accept, .hello, .request]

    private static func name(ofConditionsAt stage: Stage, in format: DocumentFormat) -> String {
        let word =
            switch stage {
            case .listener: "Listener"
            case .accept: "Accept"
            case .hello, .handshake: "Hello"
            default: "Request"
            }
        return "FaultConditionsAt\(word)\(format == .yaml ? "InYAML" : "")"
    }

    private func forms(of entry: Effect) -> [JSONValue] {
        EffectForms(entry: entry, format: format).all
            .map { form in
                let arguments = Schemas.object(.object(form.parameters))
                let isCounting = form.lastStage != .listener
                return Schemas.object(
                    [
                        "name?": Schemas.nullable(Schemas.ruleName),
                        "when?": Schemas.nullable(
                            Schemas.reference(Self.name(ofConditionsAt: form.lastStage, in: format))
                        ),
                        "do": ["const": .string(entry.name)],
                        form.needsParameters ? "with" : "with?":
                            form.needsParameters ? arguments : Schemas.nullable(arguments),
                        "skip?": Schemas.nullable(isCounting ? Schemas.ruleCount(from: 0) : ["const": 0]),
                        "times?": isCounting ? Schemas.nullable(Schemas.ruleCount(from: 1)) : ["type": "null"],
                        "probability?": Schemas.nullable(isCounting ? Schemas.probability : ["const": 1]),
                        "for?": Schemas.nullable(Schemas.lifetime),
                    ],
                    .object(Self.told.map { .init($0 + "?", Schemas.told) })
                )
            }
    }

    private func conditions(at stage: Stage) -> JSONValue {
        let keys = RuleKey.allCases.filter { key in
            stage == .listener ? key == .listener : key.isKnown(at: stage)
        }
        let properties = keys.map { key in
            JSONValue.Member(key.rawValue, Schemas.nullable(condition(key)))
        }
        return [
            "type": "object", "description": "What must hold, all of it; nothing matches everything.",
            "properties": .object(properties), "additionalProperties": false,
        ]
    }

    private func condition(_ key: RuleKey) -> JSONValue {
        switch key {
        case .listener:
            return format == .yaml
                ? ["type": ["string", "number"], "minLength": 1] : ["type": "string", "minLength": 1]
        case .client: return ["type": "string", "pattern": .string(Patterns.addressBlock)]
        case .sni: return ["type": "string", "pattern": .string(Patterns.hostNameOrBelow), "maxLength": 253]
        case .ja4:
            return [
                "type": "string",
                "pattern": "^t(10|11|12|13|00|s2|s3)[di][0-9]{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$",
            ]
        case .serial:
            let text: JSONValue = ["type": "string", "pattern": .string(Patterns.serialOrPrefix)]
            return format == .yaml ? Schemas.serialInYAML(text) : text
        case .license: return Schemas.licenseNumber
        case .token: return Schemas.tokenSerial
        case .message: return Schemas.choice(Schemas.messageTypes)
        case .path:
            return [
                "type": "string", "pattern": .string(Patterns.pathOrPrefix),
                "maxLength": .integer(ExchangeFacts.pathLimit),
            ]
        }
    }
}

/// The ways in which one effect's parameters may be given: one for most, and several where one excludes or needs
/// another.
struct EffectForms {
    /// One way.
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

    /// All of them.
    var all: [Form] {
        switch entry.name {
        case "tcp.reset":
            return ["accept", "hello", "request", nil].map { after(stage: $0, without: "bytes") }
                + [form(["after": ["const": "bytes"]], required: ["after"])]
        case "tcp.close": return ["accept", "hello", nil].map { after(stage: $0) }
        case "tls.corrupt": return [after(stage: "data", named: "at"), records]
        case "tls.version": return versions
        case "http.truncate":
            return [
                form(["fraction": ["type": "number", "minimum": 0, "exclusiveMaximum": 1]], without: ["bytes"]),
                form(without: ["fraction"], required: ["bytes"]),
            ]
        default: return [form()]
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
            if without.contains(name) { return .init(isNeeded(parameter) ? name : name + "?", ["type": "null"]) }
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
    private func after(stage: String?, named name: String = "after", without: String? = nil) -> Form {
        let others: Set<String> = without.map { [$0] } ?? []
        guard let stage else { return form(without: others.union([name]), lastStage: lastUnsaid) }
        return form(
            [name: ["const": .string(stage)]],
            without: others,
            required: [name],
            lastStage: Stage(rawValue: stage) ?? entry.stages.last
        )
    }

    /// Where a rule that does not say when can act at the latest: an answer's bytes are only meant where it says so.
    private var lastUnsaid: Stage { entry.stages.last { $0 <= .request } ?? .accept }

    /// `tls.corrupt` at a record of the handshake.
    private var records: Form {
        let words = entry.parameters.first { $0.name == "at" }?.kind.words.filter { $0 != "data" } ?? []
        return form(["at": Schemas.choice(words)], lastStage: .hello)
    }

    /// `tls.version` needs one of its two, and the oldest must not be above the newest.
    private var versions: [Form] {
        let words = entry.parameters.first { $0.name == "min" }?.kind.words ?? []
        let withOldest = words.indices.map { index in
            form(
                ["min": self.words([words[index]]), "max": self.words(Array(words[index...]))],
                required: ["min"]
            )
        }
        return withOldest + [form(["max": self.words(words)], without: ["min"], required: ["max"])]
    }

    private func schema(of parameter: Parameter) -> JSONValue {
        switch (entry.name, parameter.name) {
        case ("tls.certificate", "profile"): return Schemas.reference("CertificateProfile")
        case ("tls.ciphers", "list"): return Self.list(of: CipherList.knownNames)
        case ("tls.groups", "list"): return Self.list(of: GroupList.knownNames)
        case ("http.redirect", "code"): return ["enum": [301, 302, 303, 307, 308]]
        case ("http.redirect", "to"): return text(parameter, pattern: Patterns.filledFieldValue)
        case ("http.contentType", "value"):
            return text(parameter, pattern: Patterns.fieldValue)
        case ("http.status", "headers"):
            return [
                "type": "object", "propertyNames": ["pattern": .string(Patterns.fieldName)],
                "additionalProperties": [
                    "type": textTypes, "pattern": .string(Patterns.fieldValue),
                ],
            ]
        case ("http.length", "delta"):
            return [
                "anyOf": [
                    ["type": "integer", "minimum": .integer(-1_048_576), "maximum": .integer(-1)],
                    ["type": "integer", "minimum": 1, "maximum": 1_048_576],
                ]
            ]
        case ("service.wrongSerial", "serial"):
            return format == .yaml ? Schemas.serialInYAML(Schemas.serial) : Schemas.serial
        case (_, "field"): return text(parameter, pattern: Patterns.fieldPath)
        default: break
        }
        switch parameter.kind {
        case .duration(let range):
            return [
                "type": "string",
                "pattern": .string(Patterns.duration(upTo: Int(range.upperBound.components.seconds))),
            ]
        case .integer(let range, _):
            return ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .number(let range):
            return ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .text: return text(parameter, pattern: nil)
        case .choice(let words): return self.words(words)
        case .names: return Self.list(of: nil)
        case .texts: return ["type": "object", "additionalProperties": ["type": textTypes]]
        }
    }

    private var textTypes: JSONValue { format == .yaml ? ["string", "number"] : "string" }

    private func text(_ parameter: Parameter, pattern: String?) -> JSONValue {
        var members: [JSONValue.Member] = [.init("type", textTypes)]
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

extension Parameter.Kind {
    /// The words to choose from.
    fileprivate var words: [String] { if case .choice(let words) = self { words } else { [] } }
}

import Foundation

/// Fault rules as an operator writes them.
package enum FaultRule {
    /// A rule as JSON, without what is not given; `time` is how long it holds, such as `10m`.
    package static func json(
        _ effect: String,
        named name: String? = nil,
        with parameters: [String: Any] = [:],
        when conditions: [String: String] = [:],
        skip: Int? = nil,
        times: Int? = nil,
        probability: Double? = nil,
        for time: String? = nil
    ) -> String {
        var members: [String: Any] = ["do": effect]
        members["name"] = name
        if !parameters.isEmpty { members["with"] = parameters }
        if !conditions.isEmpty { members["when"] = conditions }
        members["skip"] = skip
        members["times"] = times
        members["probability"] = probability
        members["for"] = time
        let form: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: members, options: form) else {
            preconditionFailure("no JSON can be made of \(members)")
        }
        return String(decoding: data, as: UTF8.self)
    }
}

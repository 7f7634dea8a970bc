import ArgumentParser
import Faults
import Notation

/// `fauxguard faults-page`: docs/faults.md, made of the catalogue that rules are checked against.
struct FaultsPage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults-page",
        abstract: "Print docs/faults.md.",
        discussion: """
            EXAMPLES
              fauxguard faults-page > docs/faults.md
            """,
        shouldDisplay: false
    )

    func run() throws {
        try StandardOutput.print(Self.text)
    }

    private static var text: String {
        FaultsIntroduction.text
            + groups.map { group in
                "\n### \(group.title)\n"
                    + Catalogue.effects.filter { $0.name.hasPrefix(group.prefix) }.map(section).joined()
            }
            .joined()
    }

    private static let groups = [
        (prefix: "tcp.", title: "The connection"), (prefix: "tls.", title: "The handshake"),
        (prefix: "http.", title: "HTTP"), (prefix: "service.", title: "The service"),
    ]

    private static func section(_ entry: Effect) -> String {
        var lines = ["", "#### `\(entry.name)`", "", entry.summary, ""]
        lines.append("- At: \(entry.stages.map(\.rawValue).joined(separator: ", "))\(entry.ends ? ". It ends." : "")")
        lines.append("- Seen: " + entry.observed.map(sighting).joined(separator: "; "))
        lines.append("- A correct client \(entry.expected).")
        if !entry.parameters.isEmpty {
            lines += ["", "| parameter | is | default | means |", "| --- | --- | --- | --- |"]
            lines += entry.parameters.map(row)
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func sighting(_ observation: Effect.Observation) -> String {
        let version = observation.version.map { " over \($0)" } ?? ""
        return "\(observation.client)\(version) reports `\(observation.report)`"
    }

    private static func row(_ parameter: Parameter) -> String {
        let (kind, unit) = (parameter.kind, parameter.kind.unit.map { " \($0)" } ?? "")
        let range = kind.range.map { ": \($0)" } ?? ""
        let cells = [
            "`\(parameter.name)`", kind.typeName + range + unit, parameter.standard ?? "needed", parameter.summary,
        ]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
}

/// What docs/faults.md says before the effects.
enum FaultsIntroduction {
    /// The text, with a last line feed.
    static let text = #"""
        # Failure on command

        <!-- Made by `make docs/faults.md` from the catalogue; a test holds it. -->

        A lab fails where a rule says so, and nowhere else: no rule is there unless someone added it. A rule says *when* it
        matches, *what* it does, and *how often*. Rules of all four layers (connection, handshake, HTTP, service) are written
        alike, and the same list holds them.

        ```yaml
        - name: dpi-on-branch-42            # unique in its lab; made up from the effect if left out
          when:                             # all that is given must match; nothing given matches everything
            sni: "*.fortinet.net"
            serial: FG140E4Q17000494
          do: tls.certificate               # one effect
          with: { profile: dpi }            # its parameters
          skip: 1                           # let this many matches pass first
          times: 2                          # then act on this many: "fail twice, then work"
          probability: 0.5                  # how likely it acts on one of them
          for: 10m                          # how long it lives on the lab's clock, in whole seconds
        ```

        There are three ways to add one, and `do` is all that a rule must say:

        - `fauxguard fault add http.status --with code=503 --times 2`, or `fauxguard fault add --file rules.yaml`;
        - `POST /api/v1/labs/{lab}/faults` with a rule in JSON or YAML;
        - the list `faults:` in [the configuration](../Config/fauxguard.yaml), for the lab `default` from its start.

        `fauxguard lab reset` removes all rules, and `fauxguard snapshot restore` leaves them as they are. Rules are gone after
        a restart, and the log names them at the next start; with the setting `faults.persistent: true` (beside it in the file,
        the rules of the configuration stand as `faults.rules`) they are there again, for the rest of their time. Those of the
        configuration and of a scenario that runs always are. Counters begin anew.

        A rule that could not work is refused when it is added, with the value that is wrong and the reason: an `sni` that is a
        URL or has a port, a `path` with a star inside or a query. What may be meant and looks like a slip is taken and told of,
        in the rule's `notes` and on the terminal: a serial, license or token that the lab does not have, a name that the
        server's certificate does not carry, a rule that is bound to no address yet, probability 0, bits beyond a block's
        prefix, an address that nobody comes from, conditions that no request meets together, a field that no answer has, a
        wait of nothing, a rule to which one before it leaves nothing.

        ## What a rule matches

        | key | matches | is known |
        | --- | --- | --- |
        | `listener` | the listener's name | from the beginning |
        | `client` | the source address: one, or a block such as `10.0.0.0/8` | from the beginning |
        | `sni` | the name that the client asks for, in any case and with or without a dot at its end: exact, or `"*.fortinet.net"` (in quotes, for YAML) | after the ClientHello |
        | `ja4` | the ClientHello's fingerprint | after the ClientHello |
        | `serial` | the unit that asks; a `*` at its end makes it a prefix | after the request |
        | `license`, `token` | a license that the request is about, a token that it names | after the request |
        | `message` | the message's type, such as `ProvisionRequest` | after the request |
        | `path` | the request's path; a `*` at its end makes it a prefix | after the request |

        **A unit before its request.** A serial comes with the request, and TLS comes before it. A rule of an earlier stage with
        `serial`, `license` or `token` is bound by the source address that last spoke for the unit: it can't act on a unit's
        first connection. An address that spoke for several units tells nothing; the rule does not act, and that is a near miss.
        The journal says `boundBy: address` where only the address told.

        A connection is under the rules of its listener's lab until a request names another (`X-FauxGuard-Lab`). So a rule that
        acts before the request needs a listener of its lab.

        ## When it acts

        At each stage all rules that match act, in their order, one for each effect, until one that **ends** the exchange or the
        connection. So a delay and then a 503 are two rules. What an earlier rule of the same effect acted on is no match of a
        later one. A rule of a handshake's record that ends leaves rules of the ClientHello their part. A rule's tests come in
        this order: what it matches on, `for`, `skip`, `probability`, `times`.

        `tcp.delay`, `tcp.throttle`, `tcp.slice` and `tcp.limit` last as long as what their rule matched: to the connection's
        end where it acts before any request, and otherwise until the answer has left. Where the rule is gone meanwhile, bytes
        travel as ever from then on; only the limit stays.

        ## How long it makes wait

        What makes wait (`http.delay`, `tcp.delay`, `tcp.throttle`, `tcp.slice`, `tls.slow`, `http.drip`, and the silence of
        `http.hang`, `tcp.blackhole` and `tls.stall`) does so no longer than

        - **its rule is in force.** When it is removed, by itself, with all, with `lab reset` or with its lab, or when its `for` is
          over on the lab's clock, the wait ends: the exchange goes on as if there were no rule, and silence ends with the
          connection. That `times` is reached ends nothing that has begun.
        - **its client is there.** A client that has reset the connection is gone at once; a request that was delayed is then in
          the journal and is not carried out. A client that ended its side (FIN) may be waiting for its answer: during
          `http.delay` it is sent `100 Continue`, which clients pass over, and which one that has closed its socket answers with
          a reset. In the middle of bytes that a rule slows down, and for HTTP/1.0, waits are cut to two seconds from then on,
          and what is sent next tells. Silence ends at a FIN.
        - **the server takes work.** When it stops, delays end, answers go out, and silence ends.

        Chance is a function of the lab's seed (`--seed`, in the banner), the rule's name and the number of the match: the same
        seed and the same requests give the same run. `fauxguard journal list --canonical` of both is the same text.

        The journal names the rules that acted on each connection, 32 at most (`tcp.refuse` leaves no connection), and those
        that nearly did with the reason why they did not.
        `fauxguard fault show NAME` counts matches, acts and misses; a `fauxguard journal wait` that ends in vain prints the
        same for every rule. `--where rule=NAME` selects connections on which a rule acted, and their exchanges; a rule that
        has the name of an earlier one is told apart from it by `since`.

        ## What it does

        Durations carry their unit (`250ms`, `0.5s`, `10m`, `2d12h`); a number behind a larger unit is less than one of that (`1h30m`,
        not `1h90m`). *Seen* is a part of what clients that nobody here wrote report.

        """#
}

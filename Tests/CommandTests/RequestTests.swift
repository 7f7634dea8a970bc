import TestKit
import Testing

/// What each command asks of the admin plane.
@Suite("Requests of commands", .timeLimit(.minutes(2)))
struct RequestTests {
    private static let lab = "/api/v1/labs/default"

    /// Words of a command, and the request that they make; `L` is the lab's path.
    static let requests: [(String, String)] = [
        ("lab list", "GET /api/v1/labs?limit=1000"),
        ("lab create team-a", "POST /api/v1/labs {\"name\":\"team-a\"}"),
        (
            "lab create team-a --listen 127.0.0.1:0 --seed 7",
            "POST /api/v1/labs {\"listen\":\"127.0.0.1:0\",\"name\":\"team-a\",\"seed\":7}"
        ),
        ("lab show", "GET L"), ("lab show team-a", "GET /api/v1/labs/team-a"), ("lab reset", "POST L/reset"),
        ("lab delete team-a", "DELETE /api/v1/labs/team-a"),

        ("device list", "GET L/devices?limit=1000"),
        ("device list --unregistered", "GET L/devices?registered=false&limit=1000"),
        ("device list --registered --limit 5", "GET L/devices?registered=true&limit=5"),
        ("device show FG1", "GET L/devices/FG1"),
        ("device show ../x", "GET L/devices/..%2Fx"),
        ("device add FG1 --model F-1", "POST L/devices {\"model\":\"F-1\",\"registered\":true,\"serial\":\"FG1\"}"),
        ("device add FG1 --unregistered", "POST L/devices {\"registered\":false,\"serial\":\"FG1\"}"),
        ("device register FG1", "PATCH L/devices/FG1 {\"registered\":true}"),
        ("device unregister FG1", "PATCH L/devices/FG1 {\"registered\":false}"),
        ("device set FG1 --model X", "PATCH L/devices/FG1 {\"model\":\"X\"}"),
        ("device set FG1 --no-model", "PATCH L/devices/FG1 {\"model\":null}"),
        ("device remove FG1", "DELETE L/devices/FG1"),
        ("device replace FG1 --with FG2", "POST L/devices/FG1/replace {\"with\":\"FG2\"}"),

        ("license list --owner FG1", "GET L/licenses?owner=FG1&limit=1000"),
        ("license show EFTM1", "GET L/licenses/EFTM1"),
        ("license issue", "POST L/licenses {\"size\":5}"),
        (
            "license issue --size 2 --number N --code C --valid-until 2027-11-21T23:00:00-02:00 --token A --token B",
            "POST L/licenses {\"code\":\"C\",\"number\":\"N\",\"size\":2,\"tokens\":[\"A\",\"B\"],\"validUntil\":\"2027-11-22\"}"
        ),
        ("license set N --valid-until 2028-02-29", "PATCH L/licenses/N {\"validUntil\":\"2028-02-29\"}"),
        ("license set N --no-valid-until", "PATCH L/licenses/N {\"validUntil\":null}"),
        ("license revoke N", "PATCH L/licenses/N {\"revoked\":true}"),
        ("license unrevoke N", "PATCH L/licenses/N {\"revoked\":false}"),
        ("license transfer N --to FG1", "POST L/licenses/N/transfer {\"graceSeconds\":0,\"to\":\"FG1\"}"),
        (
            "license transfer N --to FG1 --grace 2d",
            "POST L/licenses/N/transfer {\"graceSeconds\":172800,\"to\":\"FG1\"}"
        ),
        ("license reset T", "POST L/licenses/T/reset"),
        ("license remove N", "DELETE L/licenses/N"),

        ("token list", "GET L/tokens?limit=1000"),
        ("token list --license N --state locked", "GET L/tokens?license=N&state=locked&limit=1000"),
        ("token show T", "GET L/tokens/T"), ("token lock T", "POST L/tokens/T/lock"),
        ("token unlock T", "POST L/tokens/T/unlock"), ("token release T", "POST L/tokens/T/release"),
        ("token expire T", "POST L/tokens/T/expire"),

        ("clock show", "GET L/clock"), ("clock freeze", "PUT L/clock {\"mode\":\"frozen\"}"),
        ("clock freeze --at 2027-01-01", "PUT L/clock {\"mode\":\"frozen\",\"now\":\"2027-01-01T00:00:00Z\"}"),
        ("clock run", "PUT L/clock {\"mode\":\"running\"}"),
        ("clock set 2027-01-01T01:00:00+01:00", "PUT L/clock {\"now\":\"2027-01-01T00:00:00Z\"}"),
        ("clock set --certificates lab", "PUT L/clock {\"certificates\":\"lab\"}"),
        ("clock advance 2d", "POST L/clock/advance {\"seconds\":172800}"),

        ("snapshot list", "GET L/snapshots?limit=1000"), ("snapshot create", "POST L/snapshots {}"),
        ("snapshot create s1", "POST L/snapshots {\"name\":\"s1\"}"),
        ("snapshot restore s1", "POST L/snapshots/s1/restore"), ("snapshot delete s1", "DELETE L/snapshots/s1"),

        ("scenario list", "GET L/scenarios?limit=1000"),
        ("scenario show dpi-in-path", "GET L/scenarios/dpi-in-path"),
        ("scenario start dpi-in-path", "POST L/scenarios/dpi-in-path/start"),
        ("scenario stop dpi-in-path", "POST L/scenarios/dpi-in-path/stop"),

        ("certs ca", "GET /api/v1/pki/ca.pem"),
        ("certs export --format fortios", "GET /api/v1/pki/export?format=fortios"),
        ("certs device FG1", "POST /api/v1/pki/devices/FG1 {\"format\":\"pem\"}"),

        ("registry export", "GET L/registry"),
        ("registry import -", "PUT L/registry {\"devices\":[]}"),
        ("registry merge -", "POST L/registry {\"devices\":[]}"),
        ("registry validate -", "POST L/registry/validate {\"devices\":[]}"),

        ("fault list --limit 7", "GET L/faults?limit=7"), ("fault show r1", "GET L/faults/r1"),
        ("fault add http.empty", "POST L/faults {\"do\":\"http.empty\"}"),
        (
            "fault add http.status --with code=503 --with headers=X-A:b --with headers=X-B:c:d --with body=5",
            "POST L/faults {\"do\":\"http.status\",\"with\":{\"body\":\"5\",\"code\":503,\"headers\":{\"X-A\":\"b\",\"X-B\":\"c:d\"}}}"
        ),
        (
            "fault add tls.groups --with list=X25519,P-256 --with list=P-384 --name g --skip 1 --times 2 --for 90s",
            "POST L/faults {\"do\":\"tls.groups\",\"for\":\"90s\",\"name\":\"g\",\"skip\":1,\"times\":2,\"with\":{\"list\":[\"X25519\",\"P-256\",\"P-384\"]}}"
        ),
        (
            "fault add http.truncate --with fraction=0.25 --when serial=FG* --when sni=*.a.test --probability 0.5",
            "POST L/faults {\"do\":\"http.truncate\",\"probability\":0.5,\"when\":{\"serial\":\"FG*\",\"sni\":\"*.a.test\"},\"with\":{\"fraction\":0.25}}"
        ),
        ("fault remove r1", "DELETE L/faults/r1"), ("fault clear", "DELETE L/faults"),
        ("fault catalogue", "GET /api/v1/faults/catalogue?limit=1000"),
        ("fault catalogue http.status", "GET /api/v1/faults/catalogue/http.status"),

        ("journal list", "GET L/journal?limit=1000"),
        ("journal list --where sni=a.test,code=31 --bodies", "GET L/journal?sni=a.test&code=31&bodies=true&limit=1000"),
        ("journal list --canonical", "GET L/journal?form=canonical"),
        ("journal list --limit 3", "GET L/journal?newest=3&count=exchanges"),
        ("journal list --limit 3 --json", "GET L/journal?newest=3&count=connections"),
        ("journal show 17", "GET L/journal/17?bodies=false"), ("journal clear", "DELETE L/journal"),
        (
            "journal wait --where alert=unknown_ca,client=127.0.0.1 --times 1 --timeout 2m",
            "POST L/journal/verify {\"times\":1,\"where\":{\"alert\":\"unknown_ca\",\"client\":\"127.0.0.1\"},\"within\":120}"
        ),
        (
            "journal verify --at-most 2 --count connections",
            "POST L/journal/verify {\"atMost\":2,\"count\":\"connections\",\"where\":{},\"within\":0}"
        ),
        ("journal verify --at-most 0", "POST L/journal/verify {\"atMost\":0,\"where\":{},\"within\":0}"),
        ("journal export 17 --format har --secrets", "GET L/journal/17/export?format=har&secrets=true"),
    ]

    @Test(arguments: requests)
    func `a command makes its request and is done`(words: String, request: String) async throws {
        let server = try ScriptedServer(.init(200, "{\"items\":[],\"next\":null}"))
        let result = try await Session.run(words, on: server, input: "{\"devices\":[]}")
        #expect(result.status == 0, "\(result.errors)")
        #expect(server.lines == [request.replacing(" L", with: " " + Self.lab, maxReplacements: 1)])
    }

    @Test func `verbs of many ask once for each`() async throws {
        let server = try ScriptedServer(.init(200, "{\"state\":\"locked\"}"))
        let result = try await Session.run("token lock A B --lab team-a", on: server)
        #expect(server.requests.map(\.target) == ["A", "B"].map { "/api/v1/labs/team-a/tokens/\($0)/lock" })
        #expect(result.output == "locked A: locked\nlocked B: locked\n")
    }

    @Test func `a license expires by the lab's clock`() async throws {
        let server = try ScriptedServer(
            .init(200, "{\"mode\":\"frozen\",\"now\":\"2028-03-01T00:00:00Z\"}"),
            .init(200, "{}")
        )
        let result = try await Session.run("license expire N", on: server)
        #expect(server.lines.last == "PATCH \(Self.lab)/licenses/N {\"validUntil\":\"2028-02-29\"}")
        #expect(result.output == "expired N: valid until 2028-02-29\n")
    }

    @Test func `the token and the lab of the environment go along`() async throws {
        let folder = try TemporaryFolder()
        let server = try ScriptedServer(.init(200, "{}"))
        let token = try folder.write("0123456789abcdef\n", to: "token")
        let environment = ["FAUXGUARD_LAB": "team-b", "FAUXGUARD_ADMIN_TOKEN_FILE": token]
        _ = try await Session.run("clock show", on: server, environment: environment)
        #expect(server.requests.first?.target == "/api/v1/labs/team-b/clock")
        #expect(server.requests.first?.fields["authorization"] == "Bearer 0123456789abcdef")
    }

    @Test func `a document's form follows from its name, or from its beginning`() async throws {
        let folder = try TemporaryFolder()
        let server = try ScriptedServer(.init(200, "{\"devices\":0,\"licenses\":0,\"tokens\":0}"))
        for (name, text) in [("a.yaml", "{}"), ("a.yml", "{}"), ("a.json", "x"), ("a.txt", " {}"), ("b.txt", "a: 1")] {
            _ = try await Session.run("registry merge", on: server, more: [folder.write(text, to: name)])
        }
        _ = try await Session.run("registry merge - --format yaml", on: server, input: "{}")
        let types = server.requests.map { $0.fields["content-type"]?.split(separator: "/").last ?? "" }
        #expect(types == ["yaml", "yaml", "json", "json", "yaml", "yaml"])
    }
}

/// The pages that boxes in the path put in the place of an answer.
enum BlockPages {
    /// A page that names nobody.
    static let generic = page("Access denied", "This request was blocked by policy.")
    /// A web filter's.
    static let webFilter = page("Web Page Blocked", "The page belongs to a category that is not allowed.")
    /// A proxy's that wants to know who asks.
    static let proxyAuthentication = page("Proxy Authentication Required", "Sign in to the proxy first.")

    private static func page(_ title: String, _ text: String) -> String {
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>\(title)</title>\n<h1>\(title)</h1>\n<p>\(text)</p>\n</html>\n"
    }
}

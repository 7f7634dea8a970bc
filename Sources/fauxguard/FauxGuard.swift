@main
struct FauxGuard {
    static func main() {}
}

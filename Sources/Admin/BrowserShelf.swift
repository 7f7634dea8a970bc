import Lab
import Registry

/// A reader of each lab's registry for the admin plane, made at first use; it stays on the control loop.
final class BrowserShelf {
    private var browsers: [ObjectIdentifier: RegistryBrowser] = [:]

    /// The reader of a lab's registry.
    func browser(of lab: Lab) throws(StoreError) -> RegistryBrowser {
        if let browser = browsers[ObjectIdentifier(lab)] { return browser }
        let browser = try lab.store.makeBrowser()
        browsers[ObjectIdentifier(lab)] = browser
        return browser
    }

    /// Lets go of a lab that is about to be closed.
    func forget(_ lab: Lab) {
        browsers[ObjectIdentifier(lab)] = nil
    }
}

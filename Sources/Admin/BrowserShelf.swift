import Lab
import Registry

/// A reader of each lab's registry for the admin plane, made at first use; it stays on the control loop.
final class BrowserShelf {
    private var browsers: [String: (lab: Lab, browser: RegistryBrowser)] = [:]

    /// The reader of a lab's registry.
    func browser(of lab: Lab) throws(StoreError) -> RegistryBrowser {
        // A lab of that name may have been removed and made again.
        if let (owner, browser) = browsers[lab.name], owner === lab { return browser }
        let browser = try lab.store.makeBrowser()
        browsers[lab.name] = (lab, browser)
        return browser
    }

    /// Lets go of a lab that is about to be closed.
    func forget(_ lab: Lab) {
        if browsers[lab.name]?.lab === lab { browsers[lab.name] = nil }
    }
}

/// A request of either path, decoded.
package enum Request: Sendable, Equatable {
    /// A unit redeems a code.
    case activation(ActivationLicenseRequest)
    /// A unit lodges seeds.
    case provision(ProvisionRequest)
    /// A unit asks how its tokens stand.
    case polling(PollingRequest)
    /// A phone redeems an activation code.
    case mobile(MobileProvisionRequest)
}

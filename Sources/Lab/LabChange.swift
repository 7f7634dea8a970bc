package import SoftToken

/// A message that may change something, decoded: it holds nothing of the buffer it came from.
///
/// Boxed, so that waiting functions hold a reference and not the whole.
package indirect enum LabChange: Sendable {
    /// A unit redeems a code.
    case activation(ActivationLicenseRequest)
    /// A unit lodges seeds.
    case provision(ProvisionRequest)
    /// A phone redeems an activation code.
    case claim(MobileProvisionRequest)
}

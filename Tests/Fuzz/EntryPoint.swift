/// What libFuzzer calls for each input; every target has a function `examine` of its own.
@c(LLVMFuzzerTestOneInput)
public func examineOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    examine(FuzzInput(unsafe Array(UnsafeBufferPointer(start: start, count: count))))
    return 0
}

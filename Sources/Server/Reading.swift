/// What reading a request came to.
package enum Reading<Call, Answer> {
    /// The answer.
    case answered(Answer)
    /// Something to carry out first.
    case call(Call)
}

/** `torch.masked`: operations on the elements that a mask leaves. */
export { cumprod, cumsum, log_softmax, logaddexp, normalize, softmax, softmin } from './normalizations';
export { amax, amin, argmax, argmin, logsumexp, mean, median, norm, prod, sum } from './reductions';
export { std, var_ as var } from './variance';

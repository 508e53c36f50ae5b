/** `torch.nn.modules.loss`. */
export { _Loss, _WeightedLoss } from './base';
export * from './classes';
export { CTCLoss } from './ctc';
export * from './distances';
export { LinearCrossEntropyLoss } from './linear_cross_entropy';
export * from './regression';

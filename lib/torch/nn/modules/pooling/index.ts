/** `torch.nn.modules.pooling`. */
export * from './adaptive';
export * from './avg';
export * from './fractional';
export * from './max';

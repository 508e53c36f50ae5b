/**
 * Figures of samples and of trainings: Fréchet distance, SSIM, monitoring, t-SNE, and a classifier of digits:
 * `isotorch/metrics`.
 */
export * from './digit_classifier';
export * from './digit_judge';
export * from './jumps';
export * from './monitoring';
export * from './sample_quality';
export * from './ssim';
export * from './tsne';

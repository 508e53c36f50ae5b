/** How good samples are: figures from a classifier's view of them, and a classifier of digits: `isotorch/metrics`. */
export * from './digit_classifier';
export * from './digit_judge';
export * from './sample_quality';

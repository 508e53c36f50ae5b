/** Running a training: loop, checkpoints, metrics, run folders, pictures: `isotorch/train`. */
export * from './chart';
export * from './checkpoint';
export * from './digit_classifier';
export * from './digit_judge';
export * from './files';
export * from './finding';
export * from './interrupt';
export * from './loop';
export * from './metrics';
export * from './progress';
export * from './recipe';
export * from './run_folder';
export * from './running_means';
export * from './split_joint';
export * from './summary';

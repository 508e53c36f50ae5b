/** Running a training: loop, checkpoints, metrics, run folders, pictures: `isotorch/train`. */
export { type CapturedStepOptions, capturedStep } from './captured_step';
export * from './chart';
export * from './checkpoint';
export { previousOf } from './checkpoint_file';
export * from './failure';
export * from './files';
export * from './interrupt';
export * from './lock';
export * from './loop';
export * from './metrics';
export * from './progress';
export * from './recipe';
export * from './options';
export * from './run_folder';
export * from './running_means';
export * from './session';
export * from './training_checkpoint';

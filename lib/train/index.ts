/** Running a training: loop, checkpoints, metrics, run folders, pictures: `isotorch/train`. */
export { type CapturedStepOptions, capturedStep } from './captured_step';
export * from './chart';
export * from './early_stopping';
export * from './failure';
export * from './files';
export { frozen } from './frozen';
export * from './interrupt';
export * from './lock';
export * from './metrics';
export * from './progress';
export * from './options';
export * from './report';
export * from './run_folder';
export * from './schedules';
export * from './session';
export * from './training_checkpoint';

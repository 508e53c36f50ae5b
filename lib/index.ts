/**
 * The package: `import torch from 'isotorch'`, `import * as torch from 'isotorch'`, `import { Tensor } from
 * 'isotorch'` and `require('isotorch')` all work.
 */
import * as torch from './torch';

export * from './torch';
export default torch;

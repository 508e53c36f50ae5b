/** Where Python has the optimizers: what `torch.typename` calls them. */
import { placeClasses } from '../core';
import { Adam } from './adam';
import { AdamW } from './adamw';
import * as lr_scheduler from './lr_scheduler';
import { Optimizer } from './optimizer';
import { RMSprop } from './rmsprop';
import { SGD } from './sgd';
import { AveragedModel, SWALR } from './swa_utils';

placeClasses({
  'torch.optim.adam': { Adam },
  'torch.optim.adamw': { AdamW },
  'torch.optim.lr_scheduler': { ...lr_scheduler },
  'torch.optim.optimizer': { Optimizer },
  'torch.optim.rmsprop': { RMSprop },
  'torch.optim.sgd': { SGD },
  'torch.optim.swa_utils': { AveragedModel, SWALR },
});

/** Where Python has the optimizers: what `torch.typename` calls them. */
import { placeClasses } from '../core';
import { Adafactor } from './_adafactor';
import { Muon } from './_muon';
import { Adadelta } from './adadelta';
import { Adagrad } from './adagrad';
import { Adam } from './adam';
import { Adamax } from './adamax';
import { AdamW } from './adamw';
import * as lr_scheduler from './lr_scheduler';
import { ASGD } from './asgd';
import { LBFGS } from './lbfgs';
import { NAdam } from './nadam';
import { Optimizer } from './optimizer';
import { RAdam } from './radam';
import { RMSprop } from './rmsprop';
import { Rprop } from './rprop';
import { SGD } from './sgd';
import { SparseAdam } from './sparse_adam';
import { AveragedModel, SWALR } from './swa_utils';

const files = { Adadelta, Adagrad, Adam, Adamax, AdamW, ASGD, LBFGS, NAdam, Optimizer, RAdam, RMSprop, Rprop, SGD };

placeClasses({
  'torch.optim': { Adafactor, Muon },
  'torch.optim.lr_scheduler': { ...lr_scheduler },
  'torch.optim.sparse_adam': { SparseAdam },
  'torch.optim.swa_utils': { AveragedModel, SWALR },
  ...Object.fromEntries(
    Object.entries(files).map(([name, value]) => [`torch.optim.${name.toLowerCase()}`, { [name]: value }]),
  ),
});

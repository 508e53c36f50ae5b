/** Where Python has the classes of `torch.nn`: what `torch.typename`, and messages, call them. */
import { placeClasses } from '../core';
import { LinearCrossEntropyOptions } from './functional/linear_cross_entropy/options';
import { LeakyReLU, ReLU, Sigmoid, Tanh } from './modules/activation';
import { BatchNorm1d, BatchNorm2d } from './modules/batchnorm';
import { Conv2d } from './modules/conv';
import { ConvTranspose2d } from './modules/conv_transpose';
import { Dropout } from './modules/dropout';
import { Flatten, Unflatten } from './modules/flatten';
import { Linear } from './modules/linear';
import { BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, L1Loss, MSELoss } from './modules/loss';
import { ModuleList } from './modules/module_list';
import { Sequential } from './modules/sequential';
import { Embedding } from './modules/sparse';
import { Module } from './module/module';
import { Parameter } from './parameter';

placeClasses({
  'torch.nn.modules.activation': { LeakyReLU, ReLU, Sigmoid, Tanh },
  'torch.nn.modules.batchnorm': { BatchNorm1d, BatchNorm2d },
  'torch.nn.modules.container': { ModuleList, Sequential },
  'torch.nn.modules.conv': { Conv2d, ConvTranspose2d },
  'torch.nn.modules.dropout': { Dropout },
  'torch.nn.modules.flatten': { Flatten, Unflatten },
  'torch.nn.modules.linear': { Linear },
  'torch.nn.modules.linear_cross_entropy_options': { LinearCrossEntropyOptions },
  'torch.nn.modules.loss': { BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, L1Loss, MSELoss },
  'torch.nn.modules.module': { Module },
  'torch.nn.modules.sparse': { Embedding },
  'torch.nn.parameter': { Parameter },
});

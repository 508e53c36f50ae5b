/** Where Python has the classes of `torch.nn`: what `torch.typename`, and messages, call them. */
import { placeClasses } from '../core';
import { LinearCrossEntropyOptions } from './functional/linear_cross_entropy/options';
import * as modules from './modules';
import { Parameter } from './parameter';

for (const [file, exported] of Object.entries(modules)) {
  const classes = Object.entries<unknown>(exported).filter(([, value]) => Object.hasOwn(Object(value), 'prototype'));
  placeClasses({ [`torch.nn.modules.${file}`]: Object.fromEntries(classes) as Record<string, { prototype: object }> });
}

placeClasses({
  'torch.nn.modules.linear_cross_entropy_options': { LinearCrossEntropyOptions },
  'torch.nn.parameter': { Parameter },
});

/** Where Python has the classes of `torch.nn`: what `torch.typename`, and messages, call them. */
import { placeClasses } from '../core';
import { LinearCrossEntropyOptions } from './functional/linear_cross_entropy/options';
import * as modules from './modules';
import { DataParallel } from './parallel';
import * as parameter from './parameter';
import * as utils from './utils';

/** The classes that the files of a room of Python export. */
function placeFiles(room: string, files: Readonly<Record<string, unknown>>): void {
  for (const [file, exported] of Object.entries<unknown>(files)) {
    if (typeof exported !== 'object') continue;
    const classes = Object.entries<unknown>({ ...exported }).filter(([, value]) =>
      Object.hasOwn(Object(value), 'prototype'),
    );
    placeClasses({ [`${room}.${file}`]: Object.fromEntries(classes) as Record<string, { prototype: object }> });
  }
}

placeFiles('torch.nn', { parameter });
placeFiles('torch.nn.modules', modules);
placeFiles('torch.nn.utils', utils);
placeClasses({ 'torch.nn.parallel.data_parallel': { DataParallel } });
placeClasses({ 'torch.nn.modules.linear_cross_entropy_options': { LinearCrossEntropyOptions } });

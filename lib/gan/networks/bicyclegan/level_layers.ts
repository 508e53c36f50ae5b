/** The layers of a level of both U-Nets, in the order in which the original makes them. */
import { Conv2d, Dropout, type Layer, LeakyReLU, Tanh } from 'isotorch/nn';
import { activation, norm_layers, upsample_layers } from './layers';
import type { UnetLevel } from './unet_plan';

/** The way down, and the way up; the way down of a level that sees the code takes `nz` more channels. */
export function level_layers(level: UnetLevel, nz = 0): { down: Layer[]; up: Layer[] } {
  const { input_nc, inner_nc, outer_nc, place, norm, nl } = level;
  const down: Layer[] = [new Conv2d(input_nc + nz, inner_nc, 4, 2, 1)];
  if (place !== 'outermost') down.unshift(new LeakyReLU(0.2, true));
  if (place === 'between') down.push(...norm_layers(norm, inner_nc));
  const up = [
    activation(nl),
    ...upsample_layers(place === 'innermost' ? inner_nc : inner_nc * 2, outer_nc, level.upsample),
  ];
  if (place === 'outermost') up.push(new Tanh());
  else up.push(...norm_layers(norm, outer_nc));
  if (level.dropout) up.push(new Dropout(0.5));
  return { down, up };
}

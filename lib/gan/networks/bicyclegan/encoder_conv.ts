/** BicycleGAN's plain convolutional encoder. */
import { AvgPool2d, Conv2d, type Layer, Linear, Module, Sequential } from 'isotorch/nn';
import type { Tensor } from 'isotorch';
import type { BicycleEncoderOptions, EncodedCode } from './encoder_resnet';
import { activation, norm_layers } from './layers';

/**
 * Images B×input_nc×S×S to the mean and log-variance of their codes, S = 8·2^n_blocks: strided convolutions 4×4
 * (`E_NLayers` of junyanz/BicycleGAN with `vaeLike`; 5 layers at 256, 4 at 128).
 */
export class BicycleConvEncoder extends Module {
  conv: Sequential;
  fc: Sequential;
  fcVar: Sequential;

  constructor({ input_nc, output_nc, ndf = 64, n_blocks, norm = 'instance' }: BicycleEncoderOptions) {
    super();
    const width = (n: number): number => ndf * Math.min(2 ** n, 4);
    const layers: Layer[] = [new Conv2d(input_nc, ndf, 4, 2, 1), activation('lrelu')];
    for (let n = 1; n < n_blocks; n++) {
      layers.push(new Conv2d(width(n - 1), width(n), 4, 2, 1), ...norm_layers(norm, width(n)), activation('lrelu'));
    }
    layers.push(new AvgPool2d(8));
    this.conv = new Sequential(...layers);
    this.fc = new Sequential(new Linear(width(n_blocks - 1), output_nc));
    this.fcVar = new Sequential(new Linear(width(n_blocks - 1), output_nc));
  }

  override forward(x: Tensor): EncodedCode {
    const flat = this.conv(x).view(x.size(0), -1);
    return [this.fc(flat), this.fcVar(flat)];
  }
}

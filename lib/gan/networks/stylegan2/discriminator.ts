import { type Tensor, zeros } from 'isotorch';
import { Conv2d, Flatten, Linear, Module, ModuleList, Sequential } from 'isotorch/nn';
import { attn_and_ff } from './attention';
import { Blur, leaky_relu } from './layers';
import { checkLayers, numberOfLayers, type StyleGAN2DiscriminatorOptions } from './options';
import { PermuteToFrom, VectorQuantize } from './quantize';

/** (two convolutions, then blur and a third to half the size, + one of 1×1) / √2. */
class DiscriminatorBlock extends Module {
  conv_res: Conv2d;
  net: Sequential;
  downsample: Sequential | null;

  constructor(input_channels: number, filters: number, downsample: boolean) {
    super();
    this.conv_res = new Conv2d(input_channels, filters, 1, { stride: downsample ? 2 : 1 });
    this.net = new Sequential(
      new Conv2d(input_channels, filters, 3, { padding: 1 }),
      leaky_relu(),
      new Conv2d(filters, filters, 3, { padding: 1 }),
      leaky_relu(),
    );
    this.downsample = downsample
      ? new Sequential(new Blur(), new Conv2d(filters, filters, 3, { padding: 1, stride: 2 }))
      : null;
  }

  override forward(input: Tensor): Tensor {
    const res = this.conv_res(input);
    let x = this.net(input);
    if (this.downsample !== null) x = this.downsample(x);
    return x.add(res).mul(1 / Math.sqrt(2));
  }
}

/**
 * The discriminator D of lucidrains' StyleGAN2: images (N, 3 or 4, image_size, image_size) to logits (N), and the sum
 * of the quantisation losses (1). For one image the logit has no dimension, as the original's `squeeze` makes it.
 * Parameters: 15,337,089 at 32², 22,679,169 at 64², 30,021,249 at 128², 37,363,329 at 256².
 *
 * @see https://github.com/lucidrains/stylegan2-pytorch
 */
export class StyleGAN2Discriminator extends Module {
  blocks: ModuleList<DiscriminatorBlock>;
  attn_blocks: ModuleList<Sequential | null>;
  quantize_blocks: ModuleList<PermuteToFrom | null>;
  final_conv: Conv2d;
  flatten: Flatten;
  to_logit: Linear;

  constructor(options: StyleGAN2DiscriminatorOptions) {
    super();
    const { image_size, network_capacity = 16, transparent = false, fmap_max = 512 } = options;
    const { fq_layers = [], fq_dict_size = 256, attn_layers = [] } = options;
    const count = numberOfLayers(image_size) + 1;
    checkLayers('attn_layers', attn_layers, count);
    checkLayers('fq_layers', fq_layers, count);
    const widths = Array.from({ length: count }, (_, i) => network_capacity * 4 * 2 ** i);
    const filters = [transparent ? 4 : 3, ...widths].map((width) => Math.min(width, fmap_max));
    const blocks: DiscriminatorBlock[] = [];
    const attn_blocks: (Sequential | null)[] = [];
    const quantize_blocks: (PermuteToFrom | null)[] = [];
    for (let ind = 0; ind < count; ind++) {
      const [in_chan, out_chan] = [filters[ind]!, filters[ind + 1]!];
      const num_layer = ind + 1;
      blocks.push(new DiscriminatorBlock(in_chan, out_chan, num_layer !== count));
      attn_blocks.push(attn_layers.includes(num_layer) ? attn_and_ff(out_chan) : null);
      quantize_blocks.push(
        fq_layers.includes(num_layer) ? new PermuteToFrom(new VectorQuantize(out_chan, fq_dict_size)) : null,
      );
    }
    this.blocks = new ModuleList(blocks);
    this.attn_blocks = new ModuleList(attn_blocks);
    this.quantize_blocks = new ModuleList(quantize_blocks);
    const chan_last = filters.at(-1)!;
    this.final_conv = new Conv2d(chan_last, chan_last, 3, { padding: 1 });
    this.flatten = new Flatten();
    this.to_logit = new Linear(2 * 2 * chan_last, 1);
  }

  override forward(images: Tensor): [logits: Tensor, quantize_loss: Tensor] {
    const quantize_loss = zeros(1).to(images);
    let x = images;
    for (const [ind, block] of [...this.blocks].entries()) {
      x = block(x);
      const attn = this.attn_blocks[ind] ?? null;
      if (attn !== null) x = attn(x);
      const quantize = this.quantize_blocks[ind] ?? null;
      if (quantize !== null) {
        const [out, loss] = quantize(x);
        x = out;
        quantize_loss.add_(loss);
      }
    }
    x = this.final_conv(x);
    x = this.flatten(x);
    x = this.to_logit(x);
    return [x.squeeze(), quantize_loss];
  }
}

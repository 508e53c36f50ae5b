import { pythonClass, pythonMethods } from '../../call';
import { channel_shuffle } from '../../generated/functions';
import type { Tensor } from '../../memory';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { shown } from '../module/repr';

class ChannelShuffleModule extends Module {
  static {
    pythonMethods(this.prototype, 'ChannelShuffle', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** Number of groups. */
    public groups: number,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return channel_shuffle(input, this.groups);
  }

  override extra_repr(): string {
    return shown(this, 'groups');
  }
}

/**
 * Deals the channels of (N, C, *) out over `groups` groups: channel i of each group comes to lie beside channel i of the next.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html
 */
export class ChannelShuffle extends pythonClass('ChannelShuffle', ['groups'], ChannelShuffleModule) {}

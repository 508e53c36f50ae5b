import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';

describe('torch.device', () => {
  it.each([
    ['cpu', 'cpu', null],
    ['cpu:1', 'cpu', 1],
    ['cuda', 'cuda', null],
    ['cuda:12', 'cuda', 12],
    ['meta', 'meta', null],
  ])('%s', (name, type, index) => {
    const device = torch.device(name);
    expect([device.type, device.index, String(device)]).toEqual([type, index, name]);
    expect(torch.device(device)).toBe(device);
    expect(device.equals(name)).toBe(true);
    expect(device.equals('xpu')).toBe(false);
  });

  it('takes kind and index apart', () => {
    expect(String(torch.device('cuda', 1))).toBe('cuda:1');
  });

  const expected =
    'Expected one of cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, vulkan, ' +
    'mps, meta, hpu, mtia, privateuseone device type at start of device string: ';
  // The messages of Python's torch.device, where there is one.
  itRefuses([
    ['unknown kind', () => torch.device('foo'), torch.TorchError, `${expected}foo`],
    ['capitals', () => torch.device('Cuda'), torch.TorchError, `${expected}Cuda`],
    ['nothing', () => torch.device(''), torch.TorchError, 'Device string must not be empty'],
    ...['cuda:x', 'cuda:-1', 'cuda:01', 'cpu:', ':0', 'cuda:0:1', 'cuda: 1'].map(
      (name) =>
        [name, () => torch.device(name), torch.TorchError, `Invalid device string: '${name}'`] as Parameters<
          typeof itRefuses
        >[0][number],
    ),
    [
      'index twice',
      () => torch.device('cuda:0', 1),
      torch.TorchError,
      'type (string) must not include an index because index was passed explicitly: cuda:0',
    ],
    [
      'negative index',
      () => torch.device('cuda', -1),
      torch.TorchError,
      /index must be an integer that is not negative/,
    ],
    [
      'a number',
      () => torch.device(1 as never),
      TypeError,
      "device(): argument 'device' must be a string or a Device, not number",
    ],
  ]);
});

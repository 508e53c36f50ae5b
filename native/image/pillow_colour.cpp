// isotorch::pillow_blend and isotorch::pillow_hue: what Pillow's Image.blend gives, and a turn of the hue by way of its HSV.
// Which operation is of floats and which of doubles is Pillow's, because the last byte depends on it.
#include <ATen/ATen.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace isotorch {
namespace {

void check_image(const at::Tensor& image, const char* name) {
  TORCH_CHECK(image.device().is_cpu() && image.scalar_type() == at::kByte && image.layout() == at::kStrided,
              name, " takes images of uint8 on the CPU, but got ", image.scalar_type(), " on ",
              image.device());
}

uint8_t clipped(int value) { return static_cast<uint8_t>(std::clamp(value, 0, 255)); }

// first + alpha * (second - first), cut to whole numbers.
at::Tensor pillow_blend(const at::Tensor& first, const at::Tensor& second, double factor) {
  check_image(first, "pillow_blend");
  check_image(second, "pillow_blend");
  TORCH_CHECK_VALUE(first.sizes() == second.sizes(), "images do not match");
  const float alpha = static_cast<float>(factor);
  if (alpha == 0.0) return first.clone(at::MemoryFormat::Contiguous);
  if (alpha == 1.0) return second.clone(at::MemoryFormat::Contiguous);
  const at::Tensor from = first.contiguous();
  const at::Tensor to = second.contiguous();
  at::Tensor out = at::empty(from.sizes(), from.options());
  const uint8_t* a = from.const_data_ptr<uint8_t>();
  const uint8_t* b = to.const_data_ptr<uint8_t>();
  uint8_t* made = out.mutable_data_ptr<uint8_t>();
  const int64_t count = out.numel();
  for (int64_t i = 0; i < count; i++) {
    const int start = a[i];
    const float value = start + alpha * (static_cast<int>(b[i]) - start);
    made[i] = value <= 0.0f ? 0 : value >= 255.0f ? 255 : static_cast<uint8_t>(value);
  }
  return out;
}

struct Hsv {
  uint8_t h, s, v;
};

Hsv to_hsv(const uint8_t* in) {
  const uint8_t r = in[0], g = in[1], b = in[2];
  const uint8_t most = std::max(r, std::max(g, b));
  const uint8_t least = std::min(r, std::min(g, b));
  if (least == most) return {0, 0, most};
  const float range = static_cast<float>(most - least);
  const float s = range / static_cast<float>(most);
  const float rc = static_cast<float>(most - r) / range;
  const float gc = static_cast<float>(most - g) / range;
  const float bc = static_cast<float>(most - b) / range;
  float h;
  if (r == most) {
    h = bc - gc;
  } else if (g == most) {
    h = static_cast<float>(2.0 + rc - bc);
  } else {
    h = static_cast<float>(4.0 + gc - rc);
  }
  h = static_cast<float>(std::fmod(h / 6.0 + 1.0, 1.0));
  return {clipped(static_cast<int>(h * 255.0)), clipped(static_cast<int>(s * 255.0)), most};
}

void to_rgb(const Hsv& in, uint8_t* out) {
  const uint8_t v = in.v;
  if (in.s == 0) {
    out[0] = out[1] = out[2] = v;
    return;
  }
  const int sector = static_cast<int>(std::floor(static_cast<float>(in.h) * 6.0 / 255.0));
  const float f = static_cast<float>(static_cast<float>(in.h) * 6.0 / 255.0 - static_cast<float>(sector));
  const float s = static_cast<float>(static_cast<float>(in.s) / 255.0);
  const float full = static_cast<float>(v);
  const uint8_t p = clipped(static_cast<int>(std::round(full * (1.0 - s))));
  const uint8_t q = clipped(static_cast<int>(std::round(full * (1.0 - s * f))));
  const uint8_t t = clipped(static_cast<int>(std::round(full * (1.0 - s * (1.0 - f)))));
  const uint8_t table[6][3] = {{v, t, p}, {q, v, p}, {p, v, t}, {p, q, v}, {t, p, v}, {v, p, q}};
  std::copy_n(table[sector % 6], 3, out);
}

// Height x width x 3; the hue, a byte, is turned by `turn`, and wraps around.
at::Tensor pillow_hue(const at::Tensor& given, int64_t turn) {
  check_image(given, "pillow_hue");
  TORCH_CHECK(given.dim() == 3 && given.size(2) == 3, "pillow_hue takes height x width x 3, but got ",
              given.sizes());
  const at::Tensor image = given.contiguous();
  at::Tensor out = at::empty(image.sizes(), image.options());
  const uint8_t* in = image.const_data_ptr<uint8_t>();
  uint8_t* made = out.mutable_data_ptr<uint8_t>();
  for (int64_t i = 0; i < image.numel(); i += 3) {
    Hsv colour = to_hsv(in + i);
    colour.h = static_cast<uint8_t>(colour.h + turn);
    to_rgb(colour, made + i);
  }
  return out;
}

}  // namespace
}  // namespace isotorch

TORCH_LIBRARY_FRAGMENT(isotorch, library) {
  library.def("pillow_blend(Tensor first, Tensor second, float factor) -> Tensor",
              torch::dispatch(c10::DispatchKey::CPU, isotorch::pillow_blend));
  library.def("pillow_hue(Tensor image, int turn) -> Tensor",
              torch::dispatch(c10::DispatchKey::CPU, isotorch::pillow_hue));
}

// isotorch::pillow_resize: images of bytes in other sizes, with the very bytes that Pillow's Image.resize gives.
//
// Pillow sums in integers: weights of 22 binary places, one pass along rows, one along columns, each rounded to bytes. So the
// order of the sums is free here, and the order of the passes and the arithmetic of the weights are not.
#include <ATen/ATen.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace isotorch {
namespace {

constexpr int kPlaces = 32 - 8 - 2;
constexpr double kPi = 3.14159265358979323846;

double box(double x) { return x > -0.5 && x <= 0.5 ? 1.0 : 0.0; }

double bilinear(double x) {
  x = std::fabs(x);
  return x < 1.0 ? 1.0 - x : 0.0;
}

double hamming(double x) {
  x = std::fabs(x);
  if (x == 0.0) return 1.0;
  if (x >= 1.0) return 0.0;
  x *= kPi;
  // Pillow's constants are floats.
  return std::sin(x) / x * (0.54f + 0.46f * std::cos(x));
}

double bicubic(double x) {
  constexpr double a = -0.5;
  x = std::fabs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

double sinc(double x) {
  if (x == 0.0) return 1.0;
  x *= kPi;
  return std::sin(x) / x;
}

double lanczos(double x) { return -3.0 <= x && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0; }

// Costella's magic kernels, sharpened.
double mks_2013(double x) {
  x = std::fabs(x);
  if (x < 0.5) return 17.0 / 16.0 - 7.0 / 4.0 * (x * x);
  if (x < 1.5) return (1.0 - x) * (7.0 / 4.0 - x);
  if (x < 2.5) return -1.0 / 8.0 * ((x - 5.0 / 2.0) * (x - 5.0 / 2.0));
  return 0.0;
}

double mks_2021(double x) {
  x = std::fabs(x);
  if (x < 0.5) return 577.0 / 576.0 - 239.0 / 144.0 * (x * x);
  if (x < 1.5) return 35.0 / 36.0 * (x - 1.0) * (x - 239.0 / 140.0);
  if (x < 2.5) return 1.0 / 6.0 * (x - 2.0) * (65.0 / 24.0 - x);
  if (x < 3.5) return 1.0 / 36.0 * (x - 3.0) * (x - 15.0 / 4.0);
  if (x < 4.5) return -1.0 / 288.0 * ((x - 9.0 / 2.0) * (x - 9.0 / 2.0));
  return 0.0;
}

struct Filter {
  const char* name;
  double (*weight)(double);
  double support;
};

constexpr Filter kFilters[] = {
    {"box", box, 0.5},          {"bilinear", bilinear, 1.0}, {"hamming", hamming, 1.0},
    {"bicubic", bicubic, 2.0},  {"lanczos", lanczos, 3.0},   {"mks2013", mks_2013, 2.5},
    {"mks2021", mks_2021, 4.5},
};

// Which pixels of a line a new one is made of, and with what weights.
struct Weights {
  int64_t taps;
  std::vector<int64_t> first;
  std::vector<int64_t> count;
  std::vector<int32_t> values;

  const int32_t* of(int64_t pixel) const { return values.data() + pixel * taps; }
};

int32_t in_places(double weight) {
  const double scaled = weight * (1 << kPlaces);
  return static_cast<int32_t>(weight < 0 ? -0.5 + scaled : 0.5 + scaled);
}

Weights weights_of(const Filter& filter, int64_t size, float from, float to, int64_t wanted) {
  const double scale = static_cast<double>(to - from) / static_cast<double>(wanted);
  const double stretch = scale < 1.0 ? 1.0 : scale;
  const double support = filter.support * stretch;
  const double inverse = 1.0 / stretch;
  Weights made;
  made.taps = static_cast<int64_t>(std::ceil(support)) * 2 + 1;
  made.values.assign(static_cast<size_t>(wanted * made.taps), 0);
  std::vector<double> line(static_cast<size_t>(made.taps));
  for (int64_t pixel = 0; pixel < wanted; pixel++) {
    const double centre = from + (pixel + 0.5) * scale;
    const int64_t first = std::max<int64_t>(static_cast<int64_t>(centre - support + 0.5), 0);
    const int64_t count = std::min<int64_t>(static_cast<int64_t>(centre + support + 0.5), size) - first;
    double sum = 0.0;
    for (int64_t x = 0; x < count; x++) {
      line[x] = filter.weight((x + first - centre + 0.5) * inverse);
      sum += line[x];
    }
    for (int64_t x = 0; x < count; x++) {
      made.values[pixel * made.taps + x] = in_places(sum == 0.0 ? line[x] : line[x] / sum);
    }
    made.first.push_back(first);
    made.count.push_back(count);
  }
  return made;
}

constexpr int32_t kHalf = 1 << (kPlaces - 1);

uint8_t to_byte(int32_t sum) {
  const int32_t value = sum >> kPlaces;
  return static_cast<uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
}

template <int Channels>
void rows_into(const uint8_t* in, uint8_t* out, int64_t rows, int64_t width, const Weights& weights) {
  const int64_t wanted = static_cast<int64_t>(weights.first.size());
  for (int64_t row = 0; row < rows; row++, in += width * Channels) {
    for (int64_t pixel = 0; pixel < wanted; pixel++, out += Channels) {
      const uint8_t* at = in + weights.first[pixel] * Channels;
      const int32_t* k = weights.of(pixel);
      int32_t sums[Channels];
      for (int c = 0; c < Channels; c++) sums[c] = kHalf;
      for (int64_t x = 0; x < weights.count[pixel]; x++, at += Channels) {
        for (int c = 0; c < Channels; c++) sums[c] += at[c] * k[x];
      }
      for (int c = 0; c < Channels; c++) out[c] = to_byte(sums[c]);
    }
  }
}

// `rows` rows from `first` on, each of `wanted` pixels.
at::Tensor along_rows(const at::Tensor& image, int64_t first, int64_t rows, int64_t wanted,
                      const Weights& weights) {
  const int64_t width = image.size(1);
  const int64_t channels = image.size(2);
  at::Tensor out = at::empty({rows, wanted, channels}, image.options());
  const uint8_t* in = image.const_data_ptr<uint8_t>() + first * width * channels;
  uint8_t* to = out.mutable_data_ptr<uint8_t>();
  if (channels == 1) rows_into<1>(in, to, rows, width, weights);
  if (channels == 2) rows_into<2>(in, to, rows, width, weights);
  if (channels == 3) rows_into<3>(in, to, rows, width, weights);
  if (channels == 4) rows_into<4>(in, to, rows, width, weights);
  return out;
}

// Row by row into sums, which compilers make vectors of.
at::Tensor along_columns(const at::Tensor& image, int64_t wanted, const Weights& weights) {
  const int64_t line = image.size(1) * image.size(2);
  at::Tensor made = at::empty({wanted, image.size(1), image.size(2)}, image.options());
  const uint8_t* in = image.const_data_ptr<uint8_t>();
  uint8_t* out = made.mutable_data_ptr<uint8_t>();
  std::vector<int32_t> sums(static_cast<size_t>(line));
  for (int64_t pixel = 0; pixel < wanted; pixel++, out += line) {
    std::fill(sums.begin(), sums.end(), kHalf);
    const int32_t* k = weights.of(pixel);
    const uint8_t* row = in + weights.first[pixel] * line;
    for (int64_t y = 0; y < weights.count[pixel]; y++, row += line) {
      const int32_t weight = k[y];
      int32_t* __restrict to = sums.data();
      for (int64_t i = 0; i < line; i++) to[i] += row[i] * weight;
    }
    for (int64_t i = 0; i < line; i++) out[i] = to_byte(sums[i]);
  }
  return made;
}

// The positions that Pillow's nearest takes: it adds the step up instead of multiplying it.
std::vector<int64_t> nearest(int64_t size, float from, float to, int64_t wanted) {
  const double step = static_cast<double>(to - from) / static_cast<double>(wanted);
  double at = from + step * 0.5;
  std::vector<int64_t> places;
  for (int64_t pixel = 0; pixel < wanted; pixel++, at += step) {
    places.push_back(std::min<int64_t>(static_cast<int64_t>(at), size - 1));
  }
  return places;
}

struct Box {
  float left, top, right, bottom;
};

at::Tensor by_nearest(const at::Tensor& image, int64_t height, int64_t width, const Box& part) {
  const auto longs = at::TensorOptions().dtype(at::kLong);
  const auto rows = nearest(image.size(0), part.top, part.bottom, height);
  const auto columns = nearest(image.size(1), part.left, part.right, width);
  return image.index_select(0, at::tensor(rows, longs)).index_select(1, at::tensor(columns, longs));
}

at::Tensor by_weights(const at::Tensor& image, int64_t height, int64_t width, const Filter& filter,
                      const Box& part) {
  const int64_t lost_rows = image.size(0) - height;
  const int64_t lost_columns = image.size(1) - width;
  // Since Pillow 13: rows first, unless the height shrinks more than twice as much as the width.
  const bool rows_first = !(lost_rows > 0 && lost_rows > lost_columns * 2);
  const bool horizontal = lost_columns != 0 || part.left != 0 || part.right != static_cast<float>(width);
  const bool vertical = lost_rows != 0 || part.top != 0 || part.bottom != static_cast<float>(height);
  Weights down = weights_of(filter, image.size(0), part.top, part.bottom, height);
  const Weights across = weights_of(filter, image.size(1), part.left, part.right, width);
  if (!rows_first) {
    const at::Tensor lines = vertical ? along_columns(image, height, down) : image;
    return horizontal ? along_rows(lines, 0, height, width, across) : lines;
  }
  at::Tensor lines = image;
  if (horizontal) {
    // Only the rows that the second pass looks at.
    const int64_t first = down.first.front();
    lines = along_rows(image, first, down.first.back() + down.count.back() - first, width, across);
    for (int64_t& row : down.first) row -= first;
  }
  return vertical ? along_columns(lines, height, down) : lines;
}

// `box` is left, top, right and bottom, or empty for the whole image.
at::Tensor pillow_resize(const at::Tensor& given, int64_t height, int64_t width, c10::string_view filter,
                         at::ArrayRef<double> box) {
  TORCH_CHECK(given.device().is_cpu() && given.scalar_type() == at::kByte && given.layout() == at::kStrided,
              "pillow_resize takes images of uint8 on the CPU, but got ", given.scalar_type(), " on ",
              given.device());
  TORCH_CHECK(given.dim() == 3 && given.size(2) >= 1 && given.size(2) <= 4,
              "pillow_resize takes height x width x 1 to 4 channels, but got ", given.sizes());
  TORCH_CHECK(given.size(0) > 0 && given.size(1) > 0, "pillow_resize takes no empty image: ", given.sizes());
  TORCH_CHECK_VALUE(height > 0 && width > 0, "height and width must be > 0");
  constexpr int64_t kLargest = 1 << 24;
  TORCH_CHECK_VALUE(std::max({height, width, given.size(0), given.size(1)}) <= kLargest,
                    "pillow_resize: sides are at most ", kLargest);
  TORCH_CHECK_VALUE(box.empty() || box.size() == 4, "a box has four numbers, not ", box.size());
  Box part{0, 0, static_cast<float>(given.size(1)), static_cast<float>(given.size(0))};
  if (!box.empty()) {
    part = {static_cast<float>(box[0]), static_cast<float>(box[1]), static_cast<float>(box[2]),
            static_cast<float>(box[3])};
  }
  TORCH_CHECK_VALUE(part.left >= 0 && part.top >= 0, "box offset can't be negative");
  TORCH_CHECK_VALUE(
      part.right <= static_cast<float>(given.size(1)) && part.bottom <= static_cast<float>(given.size(0)),
      "box can't exceed original image size");
  TORCH_CHECK_VALUE(part.right - part.left > 0 && part.bottom - part.top > 0, "box can't be empty");
  const at::Tensor image = given.contiguous();
  const bool whole = part.left == std::floor(part.left) && part.top == std::floor(part.top);
  if (whole && part.right - part.left == width && part.bottom - part.top == height) {
    return image.narrow(0, static_cast<int64_t>(part.top), height)
        .narrow(1, static_cast<int64_t>(part.left), width)
        .clone(at::MemoryFormat::Contiguous);
  }
  if (filter == "nearest") return by_nearest(image, height, width, part);
  for (const Filter& known : kFilters) {
    if (filter == known.name) return by_weights(image, height, width, known, part);
  }
  TORCH_CHECK_VALUE(false, "unknown filter '", filter,
                    "': give nearest, box, bilinear, hamming, bicubic, lanczos, mks2013 or mks2021");
}

}  // namespace
}  // namespace isotorch

TORCH_LIBRARY_FRAGMENT(isotorch, library) {
  library.def("pillow_resize(Tensor image, int height, int width, str filter, float[] box=[]) -> Tensor",
              torch::dispatch(c10::DispatchKey::CPU, isotorch::pillow_resize));
}

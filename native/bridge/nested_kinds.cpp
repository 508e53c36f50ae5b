#include "bridge/nested_kinds.h"

#include <ATen/core/Dict.h>
#include <ATen/core/List.h>
#include <ATen/core/jit_type.h>

#include "bridge/call.h"
#include "bridge/readers.h"

namespace isotorch {
namespace {

uint32_t length_of(const Site& site, napi_value value) {
  const auto length = array_length(site.env.napi, value);
  if (!length) mismatch(site, value);
  return *length;
}

c10::IValue read_list(const Site& site, const c10::Type& type, const c10::Type& real, napi_value value) {
  const auto element = type.containedType(0);
  c10::impl::GenericList list(element);
  const uint32_t length = length_of(site, value);
  for (uint32_t i = 0; i < length; ++i) {
    list.push_back(read_nested(site, *element, *real.containedType(0), item_of(site.env.napi, value, i)));
  }
  return list;
}

// A dictionary arrives as [key, value] pairs.
c10::IValue read_dictionary(const Site& site, const c10::Type& type, const c10::Type& real,
                            napi_value value) {
  c10::impl::GenericDict dictionary(type.containedType(0), type.containedType(1));
  const uint32_t length = length_of(site, value);
  for (uint32_t i = 0; i < length; ++i) {
    napi_value pair = item_of(site.env.napi, value, i);
    if (length_of(site, pair) != 2) mismatch(site, value);
    const auto part = [&](size_t which) {
      return read_nested(site, *type.containedType(which), *real.containedType(which),
                         item_of(site.env.napi, pair, which));
    };
    c10::IValue key = part(0);
    dictionary.insert_or_assign(std::move(key), part(1));
  }
  return dictionary;
}

c10::IValue read_tuple(const Site& site, const c10::Type& type, const c10::Type& real, napi_value value) {
  const uint32_t length = length_of(site, value);
  if (length != type.containedTypeSize()) mismatch(site, value, " (the tuple has another length)");
  std::vector<c10::IValue> elements;
  for (uint32_t i = 0; i < length; ++i) {
    elements.push_back(
        read_nested(site, *type.containedType(i), *real.containedType(i), item_of(site.env.napi, value, i)));
  }
  return c10::ivalue::Tuple::create(std::move(elements));
}

c10::IValue read_complex(const Site& site, napi_value value) {
  return read_scalar(site, value).toScalar().toComplexDouble();
}

// What an argument of no particular type may be: operators of distributed training take a name or an object.
c10::IValue read_any(const Site& site, napi_value value) {
  switch (type_of(site.env, value)) {
    case napi_null:
      return {};
    case napi_string:
      return read_string(site, value);
    case napi_external:
      return read_object(site, value);
    default:
      return read_scalar(site, value);
  }
}

}  // namespace

bool can_nest(const c10::Type& type) {
  switch (type.kind()) {
    case c10::TypeKind::OptionalType:
    case c10::TypeKind::ListType:
    case c10::TypeKind::DictType:
    case c10::TypeKind::TupleType:
      for (const auto& part : type.containedTypes()) {
        if (!can_nest(*part)) return false;
      }
      return true;
    case c10::TypeKind::ComplexType:
    case c10::TypeKind::AnyType:
      return true;
    default:
      return reader_of(type.kind()) != nullptr;
  }
}

c10::IValue read_nested(const Site& site, const c10::Type& type, const c10::Type& real, napi_value value) {
  switch (type.kind()) {
    case c10::TypeKind::OptionalType:
      if (is_none(site.env, value)) return {};
      return read_nested(site, *type.containedType(0), *real.containedType(0), value);
    case c10::TypeKind::ListType:
      return read_list(site, type, real, value);
    case c10::TypeKind::DictType:
      return read_dictionary(site, type, real, value);
    case c10::TypeKind::TupleType:
      return read_tuple(site, type, real, value);
    case c10::TypeKind::ComplexType:
      return read_complex(site, value);
    case c10::TypeKind::AnyType:
      return read_any(site, value);
    default:
      return reader_of(real.kind())(site, value);
  }
}

}  // namespace isotorch

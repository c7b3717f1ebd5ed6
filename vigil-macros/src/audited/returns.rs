//! The return type: whether it is a future, and how it may be written on a closure.

use syn::punctuated::Punctuated;
use syn::{GenericArgument, PathArguments, PathSegment, ReturnType, Token, Type, TypeParamBound};

/// A future as it stands in a return type.
pub(crate) struct Future {
    pub(crate) kind: FutureKind,
    /// What it yields, if the type says it.
    pub(crate) output: Option<Box<Type>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FutureKind {
    /// `impl Future`: anything that is one may be returned.
    Opaque,
    /// `Pin<Box<dyn Future>>`, or what stands for it.
    Boxed,
}

/// The names that the `futures` crate gives to pinned boxes of futures.
const ALIASES: [&str; 2] = ["BoxFuture", "LocalBoxFuture"];

impl Future {
    /// The future that `output` is by its own words; an alias is none, but for [`ALIASES`].
    pub(crate) fn of(output: &ReturnType) -> Option<Self> {
        let ReturnType::Type(_, ty) = output else {
            return None;
        };
        match plain(ty) {
            Type::ImplTrait(ty) => Self::among(&ty.bounds, FutureKind::Opaque),
            Type::Path(ty) => {
                let last = ty.path.segments.last()?;
                if ALIASES.iter().any(|alias| last.ident == alias) {
                    return Some(Self {
                        kind: FutureKind::Boxed,
                        output: type_argument(last).cloned().map(Box::new),
                    });
                }
                let boxed = inside(last, "Pin").and_then(|ty| match ty {
                    Type::Path(ty) => inside(ty.path.segments.last()?, "Box"),
                    _ => None,
                })?;
                match boxed {
                    Type::TraitObject(ty) => Self::among(&ty.bounds, FutureKind::Boxed),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What `future = "returned"` makes of a type that does not say so itself.
    pub(crate) fn by_decree(output: &ReturnType) -> Option<Self> {
        let ReturnType::Type(_, ty) = output else {
            return None;
        };
        let kind = match plain(ty) {
            Type::ImplTrait(_) => FutureKind::Opaque,
            Type::Never(_) => return None,
            _ => FutureKind::Boxed,
        };
        Some(Self { kind, output: None })
    }

    fn among(bounds: &Punctuated<TypeParamBound, Token![+]>, kind: FutureKind) -> Option<Self> {
        let bound = bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => {
                let last = bound.path.segments.last()?;
                (last.ident == "Future").then_some(last)
            }
            _ => None,
        })?;
        let output = match &bound.arguments {
            PathArguments::AngleBracketed(arguments) => {
                arguments.args.iter().find_map(|argument| match argument {
                    GenericArgument::AssocType(assoc) if assoc.ident == "Output" => {
                        Some(Box::new(assoc.ty.clone()))
                    }
                    _ => None,
                })
            }
            _ => None,
        };
        Some(Self { kind, output })
    }
}

/// A type without the parentheses and invisible delimiters around it.
fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Group(ty) => plain(&ty.elem),
        Type::Paren(ty) => plain(&ty.elem),
        ty => ty,
    }
}

/// `T` of `name<T>`.
fn inside<'a>(segment: &'a PathSegment, name: &str) -> Option<&'a Type> {
    if segment.ident == name {
        type_argument(segment).map(plain)
    } else {
        None
    }
}

fn type_argument(segment: &PathSegment) -> Option<&Type> {
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        }
        _ => None,
    }
}

/// The return type as it may stand on a closure or variable: `impl Trait` is left to be inferred.
pub(crate) fn erased(ty: &Type) -> Type {
    let mut ty = ty.clone();
    erase(&mut ty);
    ty
}

fn erase(ty: &mut Type) {
    match ty {
        Type::ImplTrait(_) => {
            *ty = Type::Infer(syn::TypeInfer {
                attrs: Vec::new(),
                underscore_token: Default::default(),
            })
        }
        Type::Array(ty) => erase(&mut ty.elem),
        Type::Group(ty) => erase(&mut ty.elem),
        Type::Paren(ty) => erase(&mut ty.elem),
        Type::Ptr(ty) => erase(&mut ty.elem),
        Type::Reference(ty) => erase(&mut ty.elem),
        Type::Slice(ty) => erase(&mut ty.elem),
        Type::Tuple(ty) => ty.elems.iter_mut().for_each(erase),
        Type::Path(ty) => erase_in_path(&mut ty.path),
        Type::TraitObject(ty) => {
            for bound in &mut ty.bounds {
                if let TypeParamBound::Trait(bound) = bound {
                    erase_in_path(&mut bound.path);
                }
            }
        }
        _ => {}
    }
}

fn erase_in_path(path: &mut syn::Path) {
    for segment in &mut path.segments {
        if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
            for argument in &mut arguments.args {
                match argument {
                    GenericArgument::Type(ty) => erase(ty),
                    GenericArgument::AssocType(assoc) => erase(&mut assoc.ty),
                    _ => {}
                }
            }
        }
    }
}

//! What a function of an audited `impl` block takes over from the block.

use syn::ext::IdentExt;

use super::attr::Arguments;
use super::model::Function;

impl Arguments {
    /// Takes over what is said of the whole block where the function says nothing itself.
    ///
    /// Names to skip are added to the function's own, for a handle that every function is given is never worth
    /// recording; `only` and `skip_all` of the function say it all and stand alone.
    pub(crate) fn inherit(&mut self, block: &Self, function: &Function) {
        let has_self = function.sig.receiver().is_some();
        self.parts.inherit(&block.parts, has_self);
        self.off |= block.off;
        if self.only.is_some() || self.skip_all.is_some() {
            return;
        }
        if self.skip.is_none() {
            self.skip_all = block.skip_all.clone();
        }
        // Not both: that is refused where the block is read.
        let Some((key, names)) = &block.skip else {
            return;
        };
        let bindings = function.bindings();
        let (_, own) = self.skip.get_or_insert_with(|| (key.clone(), Vec::new()));
        for name in names {
            let is_parameter = bindings.iter().any(|binding| name.unraw() == binding.name);
            if is_parameter && !own.contains(name) {
                own.push(name.clone());
            }
        }
    }
}

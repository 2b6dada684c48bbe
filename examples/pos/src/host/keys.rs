//! The keys of the terminals that were heard of since the host began, in memory only.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dukpt::aes::{Bdk, InitialKeyId, KeyCache};

use super::store::Store;
use crate::error::Error;

/// One terminal's keys; whoever has locked them is the only one to handle a message of this terminal.
pub(super) type TerminalKeys = Arc<Mutex<KeyCache<16>>>;

/// A cache for each terminal, so that the next message costs one derivation and not the walk from the base key.
#[derive(Default)]
pub(super) struct Keys {
    terminals: Mutex<HashMap<InitialKeyId, TerminalKeys>>,
}

impl Keys {
    /// The keys of a terminal that the host knows, so that strangers take no memory; none without its base key.
    pub(super) fn of(
        &self,
        terminal: InitialKeyId,
        store: &Store,
    ) -> Result<Option<TerminalKeys>, Error> {
        let mut terminals = lock(&self.terminals);
        if let Some(keys) = terminals.get(&terminal) {
            return Ok(Some(Arc::clone(keys)));
        }
        let Some(bdk) = store.base_key(terminal.bdk_id())? else { return Ok(None) };
        let cache = KeyCache::new(&Bdk::from_bytes(&bdk).initial_key(terminal));
        let keys = Arc::new(Mutex::new(cache));
        terminals.insert(terminal, Arc::clone(&keys));
        Ok(Some(keys))
    }
}

/// Locks, after a panic too: what these locks guard is not left half changed by one.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

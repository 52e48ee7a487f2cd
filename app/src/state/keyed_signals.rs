//! A list whose elements update independently.

use std::collections::HashMap;
use std::hash::Hash;

use leptos::prelude::*;

/// Ordered values, each with its own signal. Copies refer to the same signals.
pub(crate) struct KeyedSignals<K: 'static, V: 'static> {
    /// The keys in order.
    pub(crate) keys: RwSignal<Vec<K>>,
    values: StoredValue<HashMap<K, ArcRwSignal<V>>>,
}

impl<K, V> Clone for KeyedSignals<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V> Copy for KeyedSignals<K, V> {}

impl<K, V> Default for KeyedSignals<K, V>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    fn default() -> Self {
        Self { keys: RwSignal::default(), values: StoredValue::default() }
    }
}

impl<K, V> KeyedSignals<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: PartialEq + Send + Sync + 'static,
{
    /// Returns the value of a key that is, or recently was, in `keys`.
    pub(crate) fn value(self, key: &K) -> Option<ArcRwSignal<V>> {
        self.values.try_with_value(|values| values.get(key).cloned()).flatten()
    }

    /// Replaces the list and notifies the subscribers of changed values. Does nothing after the signals were
    /// disposed.
    pub(crate) fn show(self, list: impl IntoIterator<Item = (K, V)>) {
        let shown = self.values.try_update_value(|known| {
            let mut before = std::mem::take(known);
            let mut keys = Vec::new();
            for (key, value) in list {
                let signal = before.remove(&key);
                keys.push(key.clone());
                let signal = match signal {
                    Some(signal) => {
                        if signal.with_untracked(|shown| *shown != value) {
                            signal.set(value);
                        }
                        signal
                    }
                    None => ArcRwSignal::new(value),
                };
                known.insert(key, signal);
            }
            keys
        });
        // The keys change after the values, because a subscriber of `keys` reads the values.
        if let Some(keys) = shown {
            set_if_new(self.keys, keys);
        }
    }
}

/// Sets a signal if the value differs. Does nothing if the signal was disposed.
pub(crate) fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|old| *old != value) == Some(true) {
        signal.set(value);
    }
}

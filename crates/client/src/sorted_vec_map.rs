//! A small map, sorted by key.

use std::ops::Index;

/// A map for few entries, such as the rooms of a user or the typing users of a room.
///
/// It replaces `BTreeMap`, of which each type adds about 10 kilobytes to the download of a browser. Insertion
/// and removal move the pointers of later entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortedVecMap<K, V> {
    entries: Vec<Box<(K, V)>>,
}

/// Sorts values by a number and keeps the order of equal ones. `sort_by_key` does the same with several
/// kilobytes of code for each type; this function sorts only pairs of numbers, so that the code exists once.
pub fn sort_by_number<T>(values: &mut Vec<T>, number: impl Fn(&T) -> i64) {
    let mut places: Vec<(i64, usize)> = values.iter().map(number).zip(0..).collect();
    places.sort_unstable();
    let mut taken: Vec<Option<T>> = values.drain(..).map(Some).collect();
    values.extend(places.into_iter().filter_map(|(_, index)| taken.get_mut(index)?.take()));
}

impl<K, V> Default for SortedVecMap<K, V> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<K: Ord, V> SortedVecMap<K, V> {
    fn find(&self, key: &K) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| entry.0.cmp(key))
    }

    /// Returns the value of a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        self.find(key).ok().and_then(|at| self.entries.get(at)).map(|entry| &entry.1)
    }

    /// Returns the value of a key, so that the caller can change it.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.find(key).ok().and_then(|at| self.entries.get_mut(at)).map(|entry| &mut entry.1)
    }

    /// Returns whether the key exists.
    #[must_use]
    pub fn contains_key(&self, key: &K) -> bool {
        self.find(key).is_ok()
    }

    /// Inserts a value and returns the former one.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(at) => self.entries.get_mut(at).map(|entry| std::mem::replace(&mut entry.1, value)),
            Err(at) => {
                self.entries.insert(at, Box::new((key, value)));
                None
            }
        }
    }

    /// Returns the value of a key, and inserts the result of `make` if there is none.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let at = self.find(&key).unwrap_or_else(|at| {
            self.entries.insert(at, Box::new((key, make())));
            at
        });
        &mut self.entries[at].1
    }

    /// Removes and returns a value.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.find(key).ok().map(|at| self.entries.remove(at).1)
    }

    /// Removes the entries for which `keep` returns `false`.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.entries.retain_mut(|entry| keep(&entry.0, &mut entry.1));
    }
}

impl<K, V> SortedVecMap<K, V> {
    /// Returns the number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// Returns the entries, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.entries.iter().map(|entry| (&entry.0, &entry.1))
    }

    /// Returns the entries with mutable values, sorted by key.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.entries.iter_mut().map(|entry| (&entry.0, &mut entry.1))
    }

    /// Returns the keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.entries.iter().map(|entry| &entry.0)
    }

    /// Returns the values, sorted by key.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.iter().map(|entry| &entry.1)
    }

    /// Returns the mutable values, sorted by key.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.entries.iter_mut().map(|entry| &mut entry.1)
    }

    /// Returns the owned entries, sorted by key.
    pub fn into_entries(self) -> impl Iterator<Item = (K, V)> {
        self.entries.into_iter().map(|entry| *entry)
    }
}

/// Panics if the key does not exist.
impl<K: Ord, V> Index<&K> for SortedVecMap<K, V> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        self.get(key).expect("the key is there")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sorts_by_a_number_as_the_stable_sort_does(values in prop::collection::vec((-2_i64..3, any::<u8>()), 0..64)) {
            let (mut ours, mut theirs) = (values.clone(), values);
            sort_by_number(&mut ours, |(number, _)| *number);
            theirs.sort_by_key(|(number, _)| *number);
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn behaves_as_a_btree_map(steps in prop::collection::vec((0_u8..3, 0_u8..8, any::<u8>()), 0..64)) {
            let (mut ours, mut theirs) = (SortedVecMap::default(), BTreeMap::new());
            for (what, key, value) in steps {
                match what {
                    0 => prop_assert_eq!(ours.insert(key, value), theirs.insert(key, value)),
                    1 => prop_assert_eq!(ours.remove(&key), theirs.remove(&key)),
                    _ => prop_assert_eq!(
                        ours.get_or_insert_with(key, || value),
                        theirs.entry(key).or_insert(value)
                    ),
                }
                prop_assert_eq!(ours.get(&key), theirs.get(&key));
                prop_assert!(ours.iter().eq(theirs.iter()));
            }
        }
    }
}

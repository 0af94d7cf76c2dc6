//! The block memory of one worker: kept while there is work, given back when there is none.

use std::sync::Arc;

use argon2::Block;
use zeroize::Zeroize;

use super::gauges::Gauges;

/// Address space to ask for at least, in blocks of 1 KiB. glibc maps blocks over 32 MiB one by one and unmaps them
/// when they are freed; smaller ones stay in the thread's arena after the first round. What is not touched of
/// the reserve costs nothing.
const RESERVE: usize = 33 * 1024;

pub(super) struct Memory {
    blocks: Vec<Block>,
    /// Blocks of a hash with the configured parameters: the size that is worth keeping.
    usual: usize,
    gauges: Arc<Gauges>,
}

/// The system has no memory for this hash now.
pub(super) struct NoMemory;

impl Memory {
    pub(super) fn new(usual: usize, gauges: Arc<Gauges>) -> Self {
        Self { blocks: Vec::new(), usual, gauges }
    }

    pub(super) fn is_held(&self) -> bool {
        !self.blocks.is_empty()
    }

    pub(super) fn gauges(&self) -> &Gauges {
        &self.gauges
    }

    /// Runs `f` on `count` blocks of 1 KiB. A buffer larger than usual is given back at once.
    pub(super) fn with<T>(&mut self, count: usize, f: impl FnOnce(&mut [Block]) -> T) -> Result<T, NoMemory> {
        if count > self.blocks.len() {
            self.grow(count.max(self.usual))?;
        }
        let answer = self.blocks.get_mut(..count).map(f).ok_or(NoMemory);
        if self.blocks.len() > self.usual {
            self.give_back();
        }
        answer
    }

    fn grow(&mut self, count: usize) -> Result<(), NoMemory> {
        self.give_back();
        self.blocks.try_reserve_exact(count.max(RESERVE)).map_err(|_| NoMemory)?;
        self.blocks.resize(count, Block::new());
        self.gauges.took(count * Block::SIZE);
        Ok(())
    }

    /// Wipes the blocks, since they were made from passwords, and frees them.
    pub(super) fn give_back(&mut self) {
        let mut blocks = std::mem::take(&mut self.blocks);
        if !blocks.is_empty() {
            blocks.iter_mut().for_each(Zeroize::zeroize);
            self.gauges.gave(blocks.len() * Block::SIZE);
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.give_back();
    }
}

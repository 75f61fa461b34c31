//! One September: ranked classes against places, then the rest diverted.
//!
//! ```text
//! placed[q,c]    = min(asked[q,c], capacity[q] - sum over better ranks of placed)      zones by largest remainder
//! diverted[q,c]  = in the order of the ranks, to the groups that have places left, the most preferred first
//! cut-off        = the first class not placed whole; its points fall from the highest in proportion to those placed
//! ```
//!
//! A better rank is never refused for a worse one: not inside a group, and not among the children who are diverted. No
//! group takes more than its capacity. Source: docs/admission.md, where one September is worked by hand.

use super::applicants::Diversion;
use crate::{forecast::apportion, index::GroupId};

/// Children who ask in one group: by zone, then class in rank order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The group.
    pub group: GroupId,
    /// Its places, whole classes.
    pub capacity: u32,
    /// By zone of the group and class.
    pub children: Vec<Vec<u32>>,
}

/// Where admission ended in one group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cutoff {
    /// Position of the class in the order of the ranks.
    pub class: usize,
    /// Share of the class that was placed in its own group.
    pub share: f64,
}

impl Cutoff {
    /// Points of the last child placed, in a class whose points spread evenly from `lowest` to `highest`.
    pub fn points(&self, (lowest, highest): (f64, f64)) -> f64 {
        highest - self.share * (highest - lowest)
    }
}

/// Children of one group and class by the group they are diverted to.
type Went = Vec<(GroupId, u32)>;

/// What became of the children of one group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fate {
    /// Placed in the own group, by zone and class.
    pub placed: Vec<Vec<u32>>,
    /// Diverted to another group, by zone and class.
    pub diverted: Vec<Vec<u32>>,
    /// Not placed anywhere, by zone and class.
    pub not_placed: Vec<Vec<u32>>,
    /// Diverted children by the group they go to, and by zone.
    pub sent: Vec<(GroupId, Vec<u32>)>,
}

/// One September of every group of a stage.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placement {
    /// By group, as asked.
    pub fates: Vec<Fate>,
    /// Where admission ended, by group; `None` where every child was placed in its own group.
    pub cutoffs: Vec<Option<Cutoff>>,
    /// Places left over, by group.
    pub left: Vec<u32>,
}

impl Placement {
    /// Places the children of every group. `targets` are the diversions of each, the most preferred first.
    pub fn new(asked: &[Asked], targets: &[Vec<Diversion>]) -> Self {
        let classes = asked.iter().flat_map(|a| &a.children).map(Vec::len).max().unwrap_or(0);
        let mut placement = Self { left: asked.iter().map(|a| a.capacity).collect(), ..Self::default() };
        let mut waiting: Vec<Vec<u32>> = Vec::with_capacity(asked.len());
        for (i, group) in asked.iter().enumerate() {
            let zones = group.children.len();
            let mut fate = Fate { placed: vec![vec![0; classes]; zones], ..Fate::default() };
            let mut rest = vec![0; classes];
            let mut cutoff = None;
            for c in 0..classes {
                let children: Vec<u64> = group.children.iter().map(|z| u64::from(z[c])).collect();
                let all = children.iter().sum::<u64>() as u32;
                let taken = all.min(placement.left[i]);
                for (z, n) in apportion(u64::from(taken), &children).into_iter().enumerate() {
                    fate.placed[z][c] = n as u32;
                }
                placement.left[i] -= taken;
                rest[c] = all - taken;
                if taken < all && cutoff.is_none() {
                    cutoff = Some(Cutoff { class: c, share: f64::from(taken) / f64::from(all) });
                }
            }
            placement.fates.push(fate);
            placement.cutoffs.push(cutoff);
            waiting.push(rest);
        }
        let went = placement.divert(asked, targets, &waiting, classes);
        placement.share_out(asked, &went, classes);
        placement
    }

    /// Diverts rank by rank; gives the diverted children by group, class and the group they go to.
    fn divert(
        &mut self,
        asked: &[Asked],
        targets: &[Vec<Diversion>],
        waiting: &[Vec<u32>],
        classes: usize,
    ) -> Vec<Vec<Went>> {
        let position = |group: GroupId| asked.iter().position(|a| a.group == group);
        let mut went = vec![vec![Went::new(); classes]; asked.len()];
        let choices = targets.iter().map(Vec::len).max().unwrap_or(0);
        for c in 0..classes {
            for choice in 0..choices {
                for to in 0..asked.len() {
                    // everybody of this rank whose next choice is this group, at once
                    let wishes: Vec<u64> = (0..asked.len())
                        .map(|i| {
                            let Some(d) = targets[i].get(choice).filter(|d| position(d.to) == Some(to))
                            else {
                                return 0;
                            };
                            let gone: u32 =
                                went[i].iter().flatten().filter(|(g, _)| *g == d.to).map(|(_, n)| n).sum();
                            let may = d.limit.map_or(u32::MAX, |limit: u32| limit.saturating_sub(gone));
                            let sent: u32 = went[i][c].iter().map(|(_, n)| n).sum();
                            u64::from((waiting[i][c] - sent).min(may))
                        })
                        .collect();
                    let taken = wishes.iter().sum::<u64>().min(u64::from(self.left[to]));
                    for (i, n) in apportion(taken, &wishes).into_iter().enumerate().filter(|(_, n)| *n > 0) {
                        self.left[to] -= n as u32;
                        went[i][c].push((asked[to].group, n as u32));
                    }
                }
            }
        }
        went
    }

    /// Diverted and not placed children by zone, in proportion to those who wait there.
    fn share_out(&mut self, asked: &[Asked], went: &[Vec<Went>], classes: usize) {
        for (i, group) in asked.iter().enumerate() {
            let zones = group.children.len();
            let (mut diverted, mut not) = (vec![vec![0; classes]; zones], vec![vec![0; classes]; zones]);
            let fate = &mut self.fates[i];
            for c in 0..classes {
                let children = group.children.iter().zip(&fate.placed);
                let mut wait: Vec<u64> =
                    children.map(|(all, placed)| u64::from(all[c] - placed[c])).collect();
                for &(to, n) in &went[i][c] {
                    let known = fate.sent.iter().position(|(g, _)| *g == to);
                    let row = known.unwrap_or(fate.sent.len());
                    if known.is_none() {
                        fate.sent.push((to, vec![0; zones]));
                    }
                    for (z, n) in apportion(u64::from(n), &wait).into_iter().enumerate() {
                        wait[z] -= n;
                        diverted[z][c] += n as u32;
                        fate.sent[row].1[z] += n as u32;
                    }
                }
                for (not, wait) in not.iter_mut().zip(wait) {
                    not[c] = wait as u32;
                }
            }
            fate.diverted = diverted;
            fate.not_placed = not;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const G: [GroupId; 2] = [GroupId::new(0), GroupId::new(1)];

    fn to(from: usize, to: usize) -> Diversion {
        Diversion { from: G[from], to: G[to], limit: None }
    }

    #[test]
    fn ranks_are_placed_in_order_and_the_rest_is_diverted_in_order() {
        // group 0: 100 places for 60 + 50 + 40; group 1: 100 places for 30 + 20 + 10
        let asked = [
            Asked { group: G[0], capacity: 100, children: vec![vec![40, 25, 20], vec![20, 25, 20]] },
            Asked { group: G[1], capacity: 100, children: vec![vec![30, 20, 10]] },
        ];
        let placement = Placement::new(&asked, &[vec![to(0, 1)], vec![to(1, 0)]]);
        // rank 1 whole, 40 of the 50 of rank 2: 20 in each zone; rank 3 none
        assert_eq!(placement.fates[0].placed, [[40, 20, 0], [20, 20, 0]]);
        assert_eq!(placement.cutoffs[0], Some(Cutoff { class: 1, share: 0.8 }));
        assert_eq!(placement.cutoffs[1], None);
        // 40 places are left in group 1: the 10 of rank 2 first, then 30 of the 40 of rank 3
        assert_eq!(placement.fates[0].diverted, [[0, 5, 15], [0, 5, 15]]);
        assert_eq!(placement.fates[0].not_placed, [[0, 0, 5], [0, 0, 5]]);
        assert_eq!((placement.fates[0].sent.as_slice(), placement.left[1]), (&[(G[1], vec![20, 20])][..], 0));
        // 100 points for the first, 60 for the last: four fifths placed ends at 68
        assert!((placement.cutoffs[0].unwrap().points((60.0, 100.0)) - 68.0).abs() < 1e-9);
    }

    #[test]
    fn a_limit_on_diversion_holds_over_all_ranks() {
        let asked = [
            Asked { group: G[0], capacity: 0, children: vec![vec![8, 8]] },
            Asked { group: G[1], capacity: 50, children: vec![vec![0, 0]] },
        ];
        let limited = Diversion { limit: Some(10), ..to(0, 1) };
        let placement = Placement::new(&asked, &[vec![limited], Vec::new()]);
        assert_eq!(placement.fates[0].diverted, [[8, 2]]);
        assert_eq!(placement.left[1], 40);
    }
}

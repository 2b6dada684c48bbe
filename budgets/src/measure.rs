use crate::machine::{flash, now, say, stack_of, ticks_since};
use core::hint::black_box;

/// How often a call is run: a tick of the clock is so many instructions, so the ticks of all are the instructions of one.
const ROUNDS: u32 = 40;

/// Tells the image's flash, and then what each call takes.
#[derive(Debug)]
pub struct Measured {
    /// What the loop itself takes.
    loop_ticks: u32,
}

/// Begins with what every firmware has linked: copying, filling and comparing memory.
pub fn begin() -> Measured {
    let (mut to, from) = ([0_u8; 64], [1_u8; 64]);
    let length = black_box(48);
    to[..length].copy_from_slice(&black_box(&from)[..length]);
    black_box(&mut to).copy_within(..length, black_box(3));
    black_box(&mut to)[..length].fill(black_box(7));
    black_box(black_box(&to)[..length] == black_box(&from)[..length]);
    told("flash", "", &[flash()]);
    Measured { loop_ticks: ticks(&mut || ()) }
}

impl Measured {
    /// Runs a call many times: its peak of stack, and then its instructions on average.
    pub fn call(&self, name: &str, mut work: impl FnMut()) {
        self.run(name, black_box(&mut work));
    }

    #[inline(never)]
    fn run(&self, name: &str, work: &mut dyn FnMut()) {
        let stack = stack_of(&mut || (0..ROUNDS).for_each(|_| work()));
        told("call", name, &[stack, ticks(work) - self.loop_ticks]);
    }
}

#[inline(never)]
fn ticks(work: &mut dyn FnMut()) -> u32 {
    let work = black_box(work);
    let start = now();
    for _ in 0..ROUNDS {
        work();
    }
    ticks_since(start)
}

/// A line: a word, a name, numbers.
fn told(word: &str, name: &str, numbers: &[u32]) {
    say(word);
    say(" ");
    say(name);
    for number in numbers {
        let mut digits = [b' '; 11];
        let mut rest = *number;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        say(str::from_utf8(&digits).unwrap_or_default());
    }
    say("\n");
}

//! A DUKPT terminal's life: its key is loaded, its transactions make a PIN block and a MAC each, its state is written down
//! and brought back.

/// Writes `run`, for a terminal of one algorithm.
#[macro_export]
macro_rules! dukpt_terminal {
    (
        terminal: $terminal:ty, initial_key: $initial_key:ty, id: $id:ty, transaction_key: $transaction:ty, image: $image:literal,
        key: $key:expr, pin: $pin:expr, mac: $mac:expr $(,)?
    ) => {
        fn run() {
            let measured = budgets::begin();
            // A key is not loaded twice in a row: it would bring used keys back.
            let keys =
                [1, 2].map(|id| <$initial_key>::from_bytes($key, <$id>::from_bytes([id; 8])));
            let mut terminal = <$terminal>::empty();
            let mut turn = 0;
            measured.call("load", || {
                turn ^= 1;
                done(terminal.load(black_box(&keys[turn])));
            });
            measured.call("transaction", || done(transaction(black_box(&mut terminal))));

            let mut snapshot = [0; $image];
            measured.call("snapshot", || {
                done(terminal.expose_snapshot(black_box(&mut snapshot)));
            });
            let record = match terminal.begin() {
                Ok(pending) => pending.record(),
                Err(_) => panic!(),
            };
            measured.call("restore", || {
                done(terminal.restore(black_box(&snapshot), [black_box(&record)]));
            });
        }

        fn done<T>(result: Result<T, dukpt::Error>) {
            assert!(result.is_ok());
        }

        fn transaction(terminal: &mut $terminal) -> Result<(), dukpt::Error> {
            let pending = terminal.begin()?;
            black_box(pending.record());
            let (_, key) = pending.stored();
            pin(&key);
            mac(&key)
        }

        // Functions of their own, as dukpt's README advises: their ciphers do not lie on the stack together.
        #[inline(never)]
        fn pin(key: &$transaction) {
            let pin: fn(&$transaction) = $pin;
            pin(key);
        }

        #[inline(never)]
        fn mac(key: &$transaction) -> Result<(), dukpt::Error> {
            let mac: fn(&$transaction) -> Result<dukpt::mac::Tag, dukpt::Error> = $mac;
            black_box(mac(key)?.as_bytes());
            Ok(())
        }
    };
}

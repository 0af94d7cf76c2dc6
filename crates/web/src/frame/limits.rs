//! How much one address may ask in a minute. The clock is Herald's, so that a test can turn it.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::Clock as Governed;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::config::WebConfig;

/// Addresses of each family remembered at most; beyond, callers share buckets by the net they are in.
const REMEMBERED: usize = 100_000;

/// Seconds between two sweeps of addresses that have their full share again.
const SWEEP: u64 = 60;

pub(crate) struct Limits {
    sign_ins: Option<Limiter>,
    /// Apart from sign-ins, since the contract decides about a client before it counts the address.
    clients: Option<Limiter>,
    requests: Option<Limiter>,
}

impl Limits {
    pub fn new(config: &WebConfig, clock: &Arc<dyn domain::Clock>) -> Self {
        let limiter =
            |per_minute| NonZeroU32::new(per_minute).map(|share| Limiter::new(share, Arc::clone(clock)));
        Self {
            sign_ins: limiter(config.sign_in_per_ip),
            clients: limiter(config.sign_in_per_ip),
            requests: limiter(config.requests_per_ip),
        }
    }

    /// # Errors
    /// How long to wait.
    pub fn sign_in(&self, ip: IpAddr) -> Result<(), Duration> {
        self.sign_ins.as_ref().map_or(Ok(()), |limiter| limiter.take(ip))
    }

    /// For a client that did not prove itself.
    ///
    /// # Errors
    /// How long to wait.
    pub fn client(&self, ip: IpAddr) -> Result<(), Duration> {
        self.clients.as_ref().map_or(Ok(()), |limiter| limiter.take(ip))
    }

    /// # Errors
    /// How long to wait.
    pub fn request(&self, ip: IpAddr) -> Result<(), Duration> {
        self.requests.as_ref().map_or(Ok(()), |limiter| limiter.take(ip))
    }
}

/// Whose share it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whose {
    /// An address of IPv4, or a /64 of IPv6: what one customer of a provider has.
    One(u64),
    /// All that do not fit, by the net they are in.
    Crowd(u16),
}

struct Monotonic(Arc<dyn domain::Clock>);

impl Governed for Monotonic {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.monotonic()
    }
}

type Shares = RateLimiter<Whose, HashMapStateStore<Whose>, Monotonic, NoOpMiddleware<Duration>>;

struct Limiter {
    /// Apart, since addresses of IPv6 are cheap: whoever floods with them crowds out nobody of IPv4.
    v4: Shares,
    v6: Shares,
    clock: Arc<dyn domain::Clock>,
    /// When to sweep next, in seconds of the monotonic clock.
    sweep_at: AtomicU64,
}

impl Limiter {
    fn new(per_minute: NonZeroU32, clock: Arc<dyn domain::Clock>) -> Self {
        let shares = || {
            let store = HashMapStateStore::default();
            RateLimiter::new(Quota::per_minute(per_minute), store, Monotonic(Arc::clone(&clock)))
        };
        Self { v4: shares(), v6: shares(), sweep_at: AtomicU64::new(0), clock }
    }

    fn take(&self, ip: IpAddr) -> Result<(), Duration> {
        let now = self.clock.monotonic();
        self.sweep(now);
        let (shares, one, net) = match ip.to_canonical() {
            IpAddr::V4(ip) => (&self.v4, u64::from(ip.to_bits()), ip.to_bits() >> 16),
            // A /32 is what one provider has; folded, so that the crowd stays bounded too.
            IpAddr::V6(ip) => {
                let provider = (ip.to_bits() >> 96) as u32;
                (&self.v6, (ip.to_bits() >> 64) as u64, (provider >> 16) ^ (provider & 0xFFFF))
            }
        };
        let crowd = Whose::Crowd(u16::try_from(net).unwrap_or(u16::MAX));
        let whose = if shares.len() < REMEMBERED { Whose::One(one) } else { crowd };
        shares.check_key(&whose).map_err(|not_until| not_until.wait_time_from(now))
    }

    fn sweep(&self, now: Duration) {
        let due = self.sweep_at.load(Ordering::Relaxed);
        if now.as_secs() < due {
            return;
        }
        let next = now.as_secs() + SWEEP;
        if self.sweep_at.compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            for shares in [&self.v4, &self.v6] {
                shares.retain_recent();
                shares.shrink_to_fit();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use domain::Timestamp;

    use super::*;

    /// Seconds.
    #[derive(Default)]
    struct Hand(AtomicU64);

    impl domain::Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::from_micros(0)
        }

        fn monotonic(&self) -> Duration {
            Duration::from_secs(self.0.load(Ordering::Relaxed))
        }
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_share_comes_back_with_the_clock_alone() {
        let hand = Arc::new(Hand::default());
        let clock: Arc<dyn domain::Clock> = hand.clone();
        let mut config = WebConfig::at("http://127.0.0.1");
        config.sign_in_per_ip = 3;
        let limits = Limits::new(&config, &clock);
        for _ in 0..3 {
            assert_eq!(limits.sign_in(ip("192.0.2.1")), Ok(()));
        }
        assert_eq!(limits.sign_in(ip("::ffff:192.0.2.1")), Err(Duration::from_secs(20)));
        assert_eq!(limits.sign_in(ip("192.0.2.2")), Ok(()));
        hand.0.store(20, Ordering::Relaxed);
        assert_eq!(limits.sign_in(ip("192.0.2.1")), Ok(()));
        for _ in 0..1000 {
            assert_eq!(limits.request(ip("192.0.2.1")), Ok(()));
        }
    }

    #[test]
    fn a_net_of_ipv6_is_one_caller_and_the_swept_are_forgotten() {
        let hand = Arc::new(Hand::default());
        let limiter = Limiter::new(NonZeroU32::new(1).unwrap(), hand.clone());
        assert!(limiter.take(ip("2001:db8::1")).is_ok());
        assert!(limiter.take(ip("2001:db8::2:1")).is_err());
        assert!(limiter.take(ip("2001:db8:0:1::1")).is_ok());
        assert_eq!(limiter.v6.len(), 2);
        hand.0.store(600, Ordering::Relaxed);
        assert!(limiter.take(ip("192.0.2.1")).is_ok());
        assert_eq!((limiter.v4.len(), limiter.v6.len()), (1, 0));
    }

    #[test]
    fn a_flood_of_ipv6_crowds_out_nobody_of_ipv4() {
        let limiter = Limiter::new(NonZeroU32::new(2).unwrap(), Arc::new(Hand::default()));
        for net in 0..u128::try_from(REMEMBERED).unwrap() {
            let flood = std::net::Ipv6Addr::from_bits((0x2001_0db8 << 96) | (net << 64));
            assert!(limiter.take(flood.into()).is_ok());
        }
        let late = ["2001:db8:ffff:1::1", "2001:db8:ffff:2::1", "2001:db8:ffff:3::1"];
        assert!(late.iter().any(|address| limiter.take(ip(address)).is_err()), "the crowd shares a bucket");
        assert!(limiter.take(ip("2a00:1::1")).is_ok(), "another provider's does not");
        assert!(limiter.take(ip("192.0.2.1")).is_ok());
        assert_eq!(limiter.v4.len(), 1);
    }
}

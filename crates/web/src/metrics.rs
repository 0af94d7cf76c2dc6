//! What Prometheus reads at `/metrics`.

use std::sync::atomic::Ordering;
use std::time::Duration;

use app::mail::Post;
use axum::http::StatusCode;
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::face::Face;
use crate::refusal::Refusal;

/// Upper bounds of the latency buckets, in seconds.
const BUCKETS: [f64; 11] = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.01, 0.05, 0.1, 0.5, 2.5, 10.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    face: &'static str,
    route: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteStatus {
    face: &'static str,
    route: &'static str,
    status: &'static str,
}

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RouteStatus, Counter>,
    latency: Family<Route, Histogram>,
    in_flight: Gauge,
    store_errors: Counter,
    hash_waiting: Gauge,
    hash_running: Gauge,
    read_model: Gauge,
    mail_queue: Gauge,
    mail_sent: Counter,
    mail_given_up: Counter,
}

/// The series of one route, found once.
pub(crate) struct RouteMetrics {
    by_class: [Counter; 5],
    latency: Histogram,
}

/// What the rest of Herald says of itself when it is asked.
pub(crate) struct Gauges {
    pub hash_waiting: usize,
    pub hash_running: usize,
    pub read_model: usize,
    pub mail: Post,
}

impl Metrics {
    pub fn new() -> Self {
        let all = Self {
            registry: Registry::with_prefix("herald"),
            requests: Family::default(),
            latency: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            in_flight: Gauge::default(),
            store_errors: Counter::default(),
            hash_waiting: Gauge::default(),
            hash_running: Gauge::default(),
            read_model: Gauge::default(),
            mail_queue: Gauge::default(),
            mail_sent: Counter::default(),
            mail_given_up: Counter::default(),
        };
        all.registered()
    }

    fn registered(mut self) -> Self {
        let registry = &mut self.registry;
        registry.register("requests", "Requests by face, route and class of status", self.requests.clone());
        registry.register_with_unit(
            "request_duration",
            "How long requests took",
            Unit::Seconds,
            self.latency.clone(),
        );
        registry.register("requests_in_flight", "Requests under way", self.in_flight.clone());
        registry.register(
            "store_errors",
            "Answers that failed for the store's sake",
            self.store_errors.clone(),
        );
        registry.register("hash_queue", "Password hashes that wait for a thread", self.hash_waiting.clone());
        registry.register("hash_running", "Password hashes under way", self.hash_running.clone());
        registry.register("read_model_entries", "Credentials in the read model", self.read_model.clone());
        registry.register("mail_queue", "Letters that wait or are being sent", self.mail_queue.clone());
        registry.register("mail_sent", "Letters that the mail server took", self.mail_sent.clone());
        registry.register("mail_given_up", "Letters that nobody will get", self.mail_given_up.clone());
        self
    }

    pub fn route(&self, face: Face, route: &'static str) -> RouteMetrics {
        let face = face.name();
        let series = |status| self.requests.get_or_create_owned(&RouteStatus { face, route, status });
        let latency = self.latency.get_or_create_owned(&Route { face, route });
        RouteMetrics { by_class: CLASSES.map(series), latency }
    }

    /// Counts a request as under way until the guard is dropped.
    pub fn enter(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    pub fn refused(&self, refusal: &Refusal) {
        if let Refusal::Failure(failure) = refusal
            && matches!(failure.kind, app::Kind::Unavailable { .. } | app::Kind::Internal)
            && failure.code != "busy"
        {
            self.store_errors.inc();
        }
    }

    /// The exposition text (`OpenMetrics` 1.0).
    pub fn text(&self, gauges: &Gauges) -> String {
        let set = |gauge: &Gauge, value: usize| gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        set(&self.hash_waiting, gauges.hash_waiting);
        set(&self.hash_running, gauges.hash_running);
        set(&self.read_model, gauges.read_model);
        set(&self.mail_queue, gauges.mail.under_way);
        self.mail_sent.inner().store(gauges.mail.sent, Ordering::Relaxed);
        self.mail_given_up.inner().store(gauges.mail.given_up, Ordering::Relaxed);
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

pub(crate) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl RouteMetrics {
    pub fn count(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.by_class.get(class) {
            counter.inc();
        }
        self.latency.observe(took.as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_shows_under_its_route_and_class() {
        let metrics = Metrics::new();
        let route = metrics.route(Face::Testiny, "/account/me");
        route.count(StatusCode::UNAUTHORIZED, Duration::from_millis(2));
        let under_way = metrics.enter();
        let text = metrics.text(&Gauges {
            hash_waiting: 3,
            hash_running: 1,
            read_model: 7,
            mail: Post { under_way: 4, sent: 20, given_up: 2 },
        });
        for line in [
            r#"herald_requests_total{face="Testiny",route="/account/me",status="4xx"} 1"#,
            r#"herald_requests_total{face="Testiny",route="/account/me",status="2xx"} 0"#,
            r#"herald_request_duration_seconds_bucket{le="0.0025",face="Testiny",route="/account/me"} 1"#,
            "herald_requests_in_flight 1",
            "herald_hash_queue 3",
            "herald_read_model_entries 7",
            "herald_mail_queue 4",
            "herald_mail_sent_total 20",
            "herald_mail_given_up_total 2",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        drop(under_way);
        let text =
            metrics.text(&Gauges { hash_waiting: 0, hash_running: 0, read_model: 0, mail: Post::default() });
        assert!(text.contains("herald_requests_in_flight 0"));
    }
}

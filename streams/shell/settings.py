"""Every setting of Muster: name with unit, default, one line of help. The only reader of MUSTER_... variables."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from muster.core import limits
from muster.shell.folders import default_cache_dir, default_data_dir

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


class Settings(BaseSettings):
    """Read once, at the composition root; everything below it is handed what it needs.

    Raises pydantic.ValidationError that names the variable and what is wrong with it.
    """

    model_config = SettingsConfigDict(
        env_prefix="MUSTER_",
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,  # a value may be a secret
    )

    # Kafka
    bootstrap: str = Field("", description="Kafka bootstrap servers, host:port[,host:port]; empty: the embedded broker")
    security_protocol: SecurityProtocol = Field("PLAINTEXT", description="How to talk to Kafka")
    ssl_cafile: Path | None = Field(None, description="PEM file of the CA that signed the brokers' certificates")
    ssl_certfile: Path | None = Field(None, description="PEM file of the client's certificate, for mutual TLS")
    ssl_keyfile: Path | None = Field(None, description="PEM file of the client's private key, for mutual TLS")
    ssl_key_password: SecretStr | None = Field(None, description="Password of the private key")
    sasl_mechanism: SaslMechanism = Field("SCRAM-SHA-512", description="SASL mechanism")
    sasl_username: str | None = Field(None, description="SASL user")
    sasl_password: SecretStr | None = Field(None, description="SASL password")
    group_prefix: str = Field("muster", description="Consumer groups are <prefix>-extract, -route and -fold")
    session_timeout_seconds: float = Field(6.0, ge=1, description="Silence after which Kafka gives partitions away")
    request_timeout_seconds: float = Field(30.0, ge=1, description="Longest wait for one answer of the broker")
    broker_away_seconds_max: float = Field(
        60.0, ge=1, description="A worker that cannot deliver for so long leaves without acking (exit 70)"
    )
    commit_interval_seconds: float = Field(0.5, gt=0, description="How often finished offsets are committed")

    # Topics
    topic_articles: str = Field("articles.raw", description="Articles in")
    topic_claims: str = Field("deployments.claims", description="Internal: one record an article version")
    topic_reports: str = Field("deployments.reports", description="Internal: one record an article and place")
    topic_events: str = Field("deployments.events", description="Deployment events out")
    topic_city_totals: str = Field("deployments.city-totals", description="One total a city out, compacted")
    topic_region_totals: str = Field("deployments.region-totals", description="Regions, countries, multi; compacted")
    topic_dead_letters: str = Field("articles.dlq", description="Records that could not be read, unchanged")
    partitions: int = Field(12, ge=1, le=10_000, description="Partitions of the topics that Muster creates")
    replication_factor: int = Field(1, ge=1, le=32, description="Replicas of the topics that Muster creates")

    # Limits
    article_bytes_max: int = Field(limits.ARTICLE_BYTES_MAX, ge=1_000, description="Longer articles are dead letters")
    dead_letter_ratio_max: float = Field(
        0.5, gt=0, le=1, description="Share of dead letters in the last 1,000 records that stops the worker"
    )
    dead_letters_in_a_row_max: int = Field(
        1_000, ge=1, description="Dead letters one after the other that stop the worker"
    )

    # Web
    web_host: str = Field("127.0.0.1", description="Address that /metrics, /healthz and /readyz listen on")
    web_insecure: bool = Field(False, description="Let other machines read the web server without a token")
    web_token: SecretStr | None = Field(
        None, min_length=16, description="Bearer token that everything but /healthz and /readyz asks for"
    )
    web_requests_per_second_max: float = Field(
        20.0, gt=0, description="Requests that one client may send for long; five seconds' worth at once"
    )
    metrics_cities_max: int = Field(
        20, ge=0, le=1_000, description="Cities that /metrics of fold tells the figures of, those with the most people"
    )
    web_connections_per_client_max: int = Field(
        32, ge=1, le=512, description="Connections of one client; a proxy is one client, so let it have more"
    )
    web_port: int = Field(9464, ge=0, le=65_535, description="Port of the first role; the others take the next ones")

    # Traces
    traces_endpoint: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="Where spans of sampled articles go, http://host:4318 (OTLP over HTTP; needs the extra otel);"
        " empty: where OTEL_EXPORTER_OTLP_ENDPOINT says, else nowhere",
    )

    # The embedded broker, files
    broker_port: int = Field(0, ge=0, le=65_535, description="Port of the embedded broker; 0: one that is free")
    data_dir: Path = Field(default_factory=default_data_dir, description="Data of the embedded broker")
    cache_dir: Path = Field(
        default_factory=default_cache_dir,
        description="Compiled gazetteer and Kafka's jars; safe to delete",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged")

    @field_validator("request_timeout_seconds")
    @classmethod
    def _covers_the_session(cls, value: float, info: ValidationInfo) -> float:
        # A heartbeat must be allowed to take as long as the session; Faust refuses to start otherwise.
        session = info.data.get("session_timeout_seconds", 0.0)
        if value < session:
            raise ValueError(f"must not be shorter than MUSTER_SESSION_TIMEOUT_SECONDS ({session:g})")
        return value

    def as_environment(self) -> dict[str, str]:
        """The settings as MUSTER_... variables for a child process, secrets included: hand them to nobody else."""
        variables = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if value is not None:
                plain = value.get_secret_value() if isinstance(value, SecretStr) else value
                variables[f"MUSTER_{name.upper()}"] = str(plain)
        return variables

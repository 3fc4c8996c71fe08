/** What stands where the messages will be, when they do not come at once. */
export const TimelineSkeleton = () => (
  <div className="timeline-skeleton" aria-hidden="true">
    {[62, 38, 74, 50].map((width) => (
      <div className="skeleton-row" key={width}>
        <i />
        <span className="skeleton-lines">
          <i style={{ width: 120 }} />
          <i style={{ width: `${width}%` }} />
        </span>
      </div>
    ))}
  </div>
);
